"""Changes the due dates of assignments."""

from collections.abc import Mapping
from datetime import date, datetime

from forces import audit
from forces.accounts.memberships import bodies_of
from forces.models import User
from forces.refusal import Refusal
from recommendations.actions.change import changing_all
from recommendations.models import Assignment, DueDateChange
from recommendations.rules import CLOSED, DueItem

MIN_YEAR, MAX_YEAR = 2000, 2100
MISSING_REASON = "Enter a reason for the new due date. It is shown next to the date."


def due_date_error(to: date) -> str:
    """Return why a due date cannot be on that day (a typing error in the year), or ""."""
    if MIN_YEAR <= to.year <= MAX_YEAR:
        return ""
    return f"The year of a due date must be between {MIN_YEAR} and {MAX_YEAR}."


def change_due_date(
    *, assignment: Assignment, to: date, reason: str, by: User, at: datetime
) -> DueDateChange:
    """Change the due date to the London day `to`; the original date stays and is shown.

    Raises Refusal without a reason, for the same or an implausible date, if the assignment is
    closed, or if the person acts for the organisation.
    """
    (change,) = change_due_dates(to={assignment.pk: to}, reason=reason, by=by, at=at)
    return change


def change_due_dates(
    *, to: Mapping[int, date], reason: str, by: User, at: datetime
) -> list[DueDateChange]:
    """Change due dates, given by primary key of the assignment; all of them or none.

    Raises Refusal as `change_due_date` does; of several, it names the first that cannot change.
    """
    if not reason.strip():
        raise Refusal(MISSING_REASON)
    with changing_all(to, at=at, because="due date changed") as locked:
        own = bodies_of(by, at=at)
        for assignment in locked.values():
            is_own = assignment.body_id in own
            if error := due_date_change_error(assignment, to[assignment.pk], is_own=is_own):
                raise Refusal(f"{assignment}: {error}" if len(locked) > 1 else error)
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


def due_date_change_error(item: DueItem, to: date, *, is_own: bool = False) -> str:
    """Return why the due date cannot change to that day, or ""."""
    if error := fixed_due_date_error(item, is_own=is_own):
        return error
    if item.due_on == to:
        return "This is already the due date."
    return due_date_error(to)


def fixed_due_date_error(item: DueItem, *, is_own: bool) -> str:
    """Return why the due date cannot change to any day, or "".

    `is_own`: whether the person acts for the organisation in any membership. A trigger refuses it,
    too.
    """
    if item.status in CLOSED:
        return "This recommendation is closed, so its due date cannot change."
    if is_own:
        return "You also act for this organisation, so somebody else must change its due date."
    return ""


def _event(change: DueDateChange, *, by: User, at: datetime) -> audit.NewEvent:
    return audit.NewEvent(
        at=at,
        act="due date changed",
        actor=by,
        subject=change.assignment,
        body=change.assignment.body,
        rows=[change],
        details={"from": change.from_due_on.isoformat(), "to": change.to_due_on.isoformat()},
    )
