import pytest

from tests.factories import AssignmentFactory, OfficerFactory, UserFactory


@pytest.fixture
def assignment(db):
    return AssignmentFactory()


@pytest.fixture
def officer(assignment):
    return OfficerFactory(body=assignment.body, name="Asha Rowe")


@pytest.fixture
def colleague(assignment):
    return OfficerFactory(body=assignment.body, name="Ben Cole")


@pytest.fixture
def analyst(db):
    return UserFactory(name="Ana Lyst")
