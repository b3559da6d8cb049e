"""Claims that wait for review."""

from datetime import timedelta

import pytest
from django.utils import timezone

from recommendations.models import Update
from tests.factories import AssignmentFactory, UserFactory, claim

DAY = timedelta(days=1)


@pytest.fixture
def colleague(db):
    """Another analyst."""
    return UserFactory(name="Coll Eague")


@pytest.fixture
def waiting(assignment, officer) -> Update:
    return claim(assignment, at=timezone.now() - DAY, by=officer)


@pytest.fixture
def several(assignment) -> list[Update]:
    """Three waiting claims on one recommendation."""
    others = [AssignmentFactory(recommendation=assignment.recommendation) for _ in range(2)]
    return [claim(item, at=timezone.now() - DAY) for item in (assignment, *others)]


@pytest.fixture
def analyst_client(client, analyst):
    """A client that is signed in as the analyst."""
    client.force_login(analyst)
    return client
