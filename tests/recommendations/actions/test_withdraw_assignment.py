"""An assignment is withdrawn once, with a reason."""

from datetime import timedelta

import pytest

from forces.refusal import Refusal
from recommendations.actions.withdraw_assignment import withdraw_assignment
from recommendations.rules import Status
from tests.factories import ASSIGNED_AT, AssignmentFactory, UserFactory

AT = ASSIGNED_AT + timedelta(days=1)


@pytest.mark.django_db
def test_a_withdrawal_closes_the_assignment_once():
    assignment = AssignmentFactory()
    withdraw_assignment(assignment=assignment, reason="Merged.", by=UserFactory(), at=AT)
    assignment.refresh_from_db()
    assert assignment.status == Status.WITHDRAWN
    with pytest.raises(Refusal, match="you cannot withdraw it"):
        withdraw_assignment(assignment=assignment, reason="Again.", by=UserFactory(), at=AT)
