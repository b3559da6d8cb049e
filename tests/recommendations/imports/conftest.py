import pytest

from forces.models import User
from recommendations.models import Assignment
from tests.factories import AssignmentFactory, UserFactory


@pytest.fixture
def assignment(db) -> Assignment:
    return AssignmentFactory(body__short_name="Kent", recommendation__number=1)


@pytest.fixture
def analyst(db) -> User:
    return UserFactory(name="Ana Lyst")
