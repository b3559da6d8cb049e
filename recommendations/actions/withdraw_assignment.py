"""Closing an assignment without its being done (design, section 2: withdrawn)."""

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
    """Close it with a reason. Raises Refusal without one, or if it is closed already."""
    if not reason.strip():
        raise Refusal("Say why it is withdrawn: the reason is shown with it.")
    with changing(assignment.pk, at=at, because="withdrawn") as locked:
        if why := why_not_withdrawable(locked):
            raise Refusal(why)
        withdrawal = Withdrawal.objects.create(
            assignment=locked, reason=reason.strip(), withdrawn_at=at, withdrawn_by=by
        )
        audit.record(at=at, act="assignment withdrawn", actor=by, subject=locked, body=locked.body)
    return withdrawal


def why_not_withdrawable(assignment: Assignment) -> str:
    """Why it cannot be withdrawn; empty where it can."""
    if assignment.status not in CLOSED:
        return ""
    return f"It is {assignment.get_status_display().lower()}, so it cannot be withdrawn."
