"""The database checks a person's organisation and email address."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from forces.models import ApiToken, Role, User
from recommendations.actions.api_tokens import create_token
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_a_liaison_officer_needs_an_organisation():
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="a@example.org", name="A", role=Role.LIAISON_OFFICER)


def test_email_addresses_are_unique_ignoring_case():
    UserFactory(email="kim@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(email="KIM@example.org")


def test_a_hash_that_is_made_again_at_sign_in_leaves_api_tokens_alone(world, settings):
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    person = world.analyst
    person.password = make_password("a long password", hasher="md5")
    person.save()
    create_token(name="Statistics", lasts=timedelta(days=30), by=person, at=world.now)
    assert User.objects.get(pk=person.pk).check_password("a long password")
    person.refresh_from_db()
    assert person.password.startswith("scrypt")
    assert ApiToken.objects.get().revoked_at is None
    person.set_password("another long password")
    person.save()
    assert ApiToken.objects.get().revoked_at is not None
