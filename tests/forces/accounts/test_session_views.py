"""The page of a person's sessions."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from forces.models import AuditEvent, Role
from tests.factories import (
    UserFactory,
)
from tests.forces.accounts.factors import is_signed_in, type_password

pytestmark = pytest.mark.django_db


def test_a_session_elsewhere_is_listed_and_can_be_ended(signed_in, officer):
    other = Client(headers={"user-agent": "Another browser"})
    type_password(other, officer)
    page = signed_in.get(reverse("sessions")).text
    assert "This device" in page
    assert "Another browser" in page
    (row,) = officer.usersession_set.filter(user_agent="Another browser")
    signed_in.post(reverse("sessions"), {"session": row.pk})
    assert not is_signed_in(other)
    assert is_signed_in(signed_in)
    assert AuditEvent.objects.filter(act="sessions ended").exists()


def test_the_page_has_the_same_queries_for_many_sessions(signed_in, officer):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert signed_in.get(reverse("sessions")).status_code == 200
        return len(captured)

    signed_in.get(reverse("sessions"))
    before = queries()
    for _ in range(3):
        type_password(Client(), officer)
    assert signed_in.get(reverse("sessions")).text.count("Another device") == 3
    assert queries() == before


def test_all_other_sessions_can_be_ended(signed_in, officer):
    others = [Client(), Client()]
    for other in others:
        type_password(other, officer)
    signed_in.post(reverse("sessions"), {"session": "all"})
    assert [is_signed_in(browser) for browser in (signed_in, *others)] == [True, False, False]


def test_another_person_s_session_cannot_be_ended(signed_in):
    stranger = UserFactory(role=Role.OBSERVER)
    theirs = Client()
    type_password(theirs, stranger)
    (row,) = stranger.usersession_set.all()
    signed_in.post(reverse("sessions"), {"session": row.pk})
    for key in ("\x00", "9" * 5000, "²", "-1"):
        signed_in.post(reverse("sessions"), {"session": key})
    assert is_signed_in(theirs)
