"""Changes of second factors take effect at once."""

import threading
import time

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory
from tests.forces.accounts.factors import (
    current_code,
    is_signed_in,
    set_up_app,
    shown_secret,
    type_password,
)

pytestmark = pytest.mark.django_db


def test_adding_a_second_factor_ends_other_sessions(client, analyst):
    elsewhere = Client()
    type_password(elsewhere, analyst)
    type_password(client, analyst)
    page = client.get(reverse("mfa_activate_totp")).text
    client.post(reverse("mfa_activate_totp"), {"code": current_code(shown_secret(page))})
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)


@pytest.mark.django_db(transaction=True)
def test_removing_both_factors_simultaneously_leaves_none():
    analyst = UserFactory(has_second_factor=False)
    set_up_app(analyst)
    data = {"name": "Key", "credential": {}}
    Authenticator.objects.create(user=analyst, type=Authenticator.Type.WEBAUTHN, data=data)
    start = threading.Barrier(2)

    def remove(kind: str) -> None:
        with transaction.atomic():
            rows = Authenticator.objects.filter(user=analyst, type=kind)
            start.wait()
            rows._raw_delete(rows.db)
            time.sleep(0.2)
        connection.close()

    threads = [threading.Thread(target=remove, args=[kind]) for kind in ("totp", "webauthn")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    analyst.refresh_from_db()
    assert not analyst.has_second_factor
