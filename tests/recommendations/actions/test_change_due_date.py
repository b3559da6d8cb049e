"""Due dates of assignments change with a reason; the original date stays."""

from datetime import date, timedelta

import pytest

from forces.refusal import Refusal
from recommendations.actions.change_due_date import change_due_date
from tests.factories import ASSIGNED_AT, AssignmentFactory, UserFactory, accept, claim

pytestmark = pytest.mark.django_db
AT = ASSIGNED_AT + timedelta(days=1)


def extend(assignment, to, *, at=AT, reason="The national tool comes later."):
    return change_due_date(assignment=assignment, to=to, reason=reason, by=UserFactory(), at=at)


def test_an_extension_leaves_the_original_date_and_is_counted():
    assignment = AssignmentFactory()
    extend(assignment, date(2027, 1, 31))
    extend(assignment, date(2027, 3, 31))
    assignment.refresh_from_db()
    assert assignment.original_due_on == date(2026, 12, 31)
    assert assignment.due_on == date(2027, 3, 31)
    assert assignment.due_date_changes_count == 2


@pytest.mark.parametrize(
    ("to", "reason", "message"),
    [
        (date(2027, 1, 31), "", "Enter"),
        (date(2026, 12, 31), "No reason at all.", "already the due date"),
    ],
)
def test_a_change_without_a_reason_or_without_a_change_is_refused(to, reason, message):
    assignment = AssignmentFactory()
    with pytest.raises(Refusal, match=message):
        extend(assignment, to, reason=reason)
    assert not assignment.due_date_changes.exists()


def test_the_due_date_of_an_implemented_assignment_cannot_change():
    assignment = AssignmentFactory()
    accept(claim(assignment, at=ASSIGNED_AT), at=ASSIGNED_AT)
    with pytest.raises(Refusal, match="closed"):
        extend(assignment, date(2027, 1, 31))
