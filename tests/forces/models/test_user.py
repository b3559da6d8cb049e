"""The database checks a person's organisation and email address."""

import pytest
from django.db import IntegrityError, transaction

from forces.models import Role, User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_a_liaison_officer_needs_an_organisation():
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="a@example.org", name="A", role=Role.LIAISON_OFFICER)


def test_email_addresses_are_unique_ignoring_case():
    UserFactory(email="kim@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(email="KIM@example.org")
