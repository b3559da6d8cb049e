import pytest
from django.test import Client

from forces.models import Role, User
from tests.factories import InspectionFactory, OfficerFactory, UserFactory
from tests.forces.accounts.factors import type_password


@pytest.fixture
def officer(db) -> User:
    InspectionFactory()
    return OfficerFactory()


@pytest.fixture
def analyst(db) -> User:
    """With a password, and no second factor yet."""
    InspectionFactory()
    return UserFactory(has_second_factor=False)


@pytest.fixture
def administrator(db) -> User:
    InspectionFactory()
    return UserFactory(role=Role.ADMINISTRATOR)


@pytest.fixture
def signed_in(officer) -> Client:
    """The officer's browser, signed in by password."""
    client = Client()
    type_password(client, officer)
    return client


@pytest.fixture
def administrator_client(administrator) -> Client:
    client = Client()
    client.force_login(administrator)
    return client
