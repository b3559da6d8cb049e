"""Withdraws assignments that will not be implemented."""

from datetime import datetime

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.actions.change import changing
from recommendations.models import Assignment, Withdrawal
from recommendations.rules import CLOSED


def withdraw_assignment(
    *, assignment: Assignment, reason: str, by: User, at: datetime
) -> Withdrawal:
    """Close an assignment. Raises Refusal without a reason, or if it is already closed."""
    if not reason.strip():
        raise Refusal("Enter why you are withdrawing it. The reason is shown next to it.")
    with changing(assignment.pk, at=at, because="withdrawn") as locked:
        if error := withdrawal_error(locked):
            raise Refusal(error)
        withdrawal = Withdrawal.objects.create(
            assignment=locked, reason=reason.strip(), withdrawn_at=at, withdrawn_by=by
        )
        audit.record(
            at=at,
            act="assignment withdrawn",
            actor=by,
            subject=locked,
            body=locked.body,
            rows=[withdrawal],
        )
    return withdrawal


def withdrawal_error(assignment: Assignment) -> str:
    """Return why it cannot be withdrawn, or ""."""
    if assignment.status not in CLOSED:
        return ""
    status = assignment.get_status_display().lower()
    return f"This recommendation is already {status}, so you cannot withdraw it."
