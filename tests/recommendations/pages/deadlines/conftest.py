import pytest

from recommendations.models import Assignment
from tests.factories import AssignmentFactory, NationalBodyFactory


@pytest.fixture
def assignments(assignment) -> list[Assignment]:
    """One recommendation, assigned to three forces and a national body."""
    recommendation = assignment.recommendation
    more = [AssignmentFactory(recommendation=recommendation) for _ in range(2)]
    national = AssignmentFactory(recommendation=recommendation, body=NationalBodyFactory())
    return [assignment, *more, national]
