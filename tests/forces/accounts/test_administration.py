"""Administrators remove the second factors of other people, but not their own."""

import pytest
from django.urls import reverse

from tests.factories import UserFactory
from tests.forces.accounts.factors import factors_of, set_up_app

pytestmark = pytest.mark.django_db


def test_a_second_factor_is_removed_by_another_administrator(administrator_client, administrator):
    set_up_app(analyst := UserFactory(has_second_factor=False))
    administrator_client.post(reverse("person_second_factor", args=[analyst.pk]))
    assert factors_of(analyst) == set()
    set_up_app(administrator)
    administrator_client.post(reverse("person_second_factor", args=[administrator.pk]))
    assert factors_of(administrator) == {"totp"}
