"""Moving one assignment's due date (design, section 2: due date change)."""

from datetime import date, datetime

from forces import audit
from forces.models import User
from recommendations.actions.change import Refusal, changing
from recommendations.models import Assignment, DueDateChange

YEARS = range(2000, 2101)  # in which a due date can lie


def refuse_odd_day(to: date) -> None:
    """Raises Refusal for a year that nobody means."""
    if to.year not in YEARS:
        raise Refusal(f"A due date lies in the years {YEARS[0]} to {YEARS[-1]}.")


def change_due_date(
    *, assignment: Assignment, to: date, reason: str, by: User, at: datetime
) -> DueDateChange:
    """Move the due date to the London day `to`; the original date is kept and shown.

    Raises Refusal where no reason is given, the date does not move or is an odd one, or it is
    closed.
    """
    refuse_odd_day(to)
    if not reason.strip():
        raise Refusal("Say why the due date changes: the reason is shown with it.")
    with changing(assignment.pk, at=at, because="due date changed") as locked:
        if not locked.is_open and not locked.is_waiting_for_review:
            raise Refusal("This recommendation is closed, so its due date cannot change.")
        if locked.due_on == to:
            raise Refusal("This is already the due date.")
        change = DueDateChange.objects.create(
            assignment=locked,
            number=locked.due_date_changes_count + 1,
            from_due_on=locked.due_on,
            to_due_on=to,
            reason=reason.strip(),
            decided_at=at,
            decided_by=by,
        )
        audit.record(
            at=at,
            act="due date changed",
            actor=by,
            subject=locked,
            body=locked.body,
            **{"from": locked.due_on.isoformat(), "to": to.isoformat()},
        )
    return change
