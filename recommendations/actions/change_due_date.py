"""Moving one assignment's due date (design, section 2: due date change)."""

from collections.abc import Mapping
from datetime import date, datetime

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.actions.change import changing_all
from recommendations.models import Assignment, DueDateChange
from recommendations.rules import CLOSED, DueItem

YEARS = range(2000, 2101)  # in which a due date can lie


def why_not_a_due_date(to: date) -> str:
    """Why no due date can be on that day: its year is a slip. Empty where one can."""
    if to.year in YEARS:
        return ""
    return f"A due date must be in the years {YEARS[0]} to {YEARS[-1]}."


def change_due_date(
    *, assignment: Assignment, to: date, reason: str, by: User, at: datetime
) -> DueDateChange:
    """Move the due date to the London day `to`; the original date is kept and shown.

    Raises Refusal where no reason is given, the date does not move or is an odd one, or it is
    closed.
    """
    (change,) = change_due_dates(to={assignment.pk: to}, reason=reason, by=by, at=at)
    return change


def change_due_dates(
    *, to: Mapping[int, date], reason: str, by: User, at: datetime
) -> list[DueDateChange]:
    """Move the due dates of assignments, by key; all of them or none.

    Raises Refusal as `change_due_date` does; of several, it names the one that is in the way.
    """
    if not reason.strip():
        raise Refusal("Say why the due date changes: the reason is shown with it.")
    with changing_all(to, at=at, because="due date changed") as locked:
        for assignment in locked.values():
            if why := why_unmovable(assignment, to[assignment.pk]):
                raise Refusal(f"{assignment}: {why}" if len(locked) > 1 else why)
        changes = DueDateChange.objects.bulk_create(
            DueDateChange(
                assignment=assignment,
                number=assignment.due_date_changes_count + 1,
                from_due_on=assignment.due_on,
                to_due_on=to[assignment.pk],
                reason=reason.strip(),
                decided_at=at,
                decided_by=by,
            )
            for assignment in locked.values()
        )
        audit.record_all(_event(change, by=by, at=at) for change in changes)
    return changes


def why_unmovable(item: DueItem, to: date) -> str:
    """Why the due date cannot move to that day; empty where it can."""
    if item.status in CLOSED:
        return "This recommendation is closed, so its due date cannot change."
    if item.due_on == to:
        return "This is already the due date."
    return why_not_a_due_date(to)


def _event(change: DueDateChange, *, by: User, at: datetime) -> audit.Event:
    return audit.Event(
        at=at,
        act="due date changed",
        actor=by,
        subject=change.assignment,
        body=change.assignment.body,
        details={"from": change.from_due_on.isoformat(), "to": change.to_due_on.isoformat()},
    )
