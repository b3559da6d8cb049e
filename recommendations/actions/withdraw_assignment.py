"""Withdraws assignments that will not be implemented."""

from collections.abc import Iterable
from datetime import datetime

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.actions.change import changing_all
from recommendations.actions.hold_claim import bodies_of
from recommendations.models import Assignment, Withdrawal
from recommendations.rules import CLOSED

MISSING_REASON = "Enter why you are withdrawing it. The reason is shown next to it."


def withdraw_assignment(
    *, assignment: Assignment, reason: str, by: User, at: datetime
) -> Withdrawal:
    """Close an assignment.

    Raises Refusal without a reason, if it is already closed, or if the person acts for the
    organisation.
    """
    (withdrawal,) = withdraw_assignments([assignment.pk], reason=reason, by=by, at=at)
    return withdrawal


def withdraw_assignments(
    assignment_ids: Iterable[int], *, reason: str, by: User, at: datetime
) -> list[Withdrawal]:
    """Close assignments, given by primary key: all of them or none. Raises Refusal as for one."""
    if not reason.strip():
        raise Refusal(MISSING_REASON)
    with changing_all(assignment_ids, at=at, because="withdrawn") as locked:
        own = bodies_of(by, at=at)
        for assignment in locked.values():
            if error := withdrawal_error(assignment, is_own=assignment.body_id in own):
                raise Refusal(error)
        withdrawals = Withdrawal.objects.bulk_create(
            Withdrawal(
                assignment=assignment, reason=reason.strip(), withdrawn_at=at, withdrawn_by=by
            )
            for assignment in locked.values()
        )
        audit.record_all(
            audit.NewEvent(
                at=at,
                act="assignment withdrawn",
                actor=by,
                subject=withdrawal.assignment,
                body=withdrawal.assignment.body,
                rows=[withdrawal],
            )
            for withdrawal in withdrawals
        )
    return withdrawals


def withdrawal_error(assignment: Assignment, *, is_own: bool) -> str:
    """Return why it cannot be withdrawn, or "".

    `is_own`: whether the person acts for the organisation in any membership. A trigger refuses it,
    too.
    """
    if assignment.status in CLOSED:
        status = assignment.get_status_display().lower()
        return f"This recommendation is already {status}, so you cannot withdraw it."
    if is_own:
        return "You also act for this organisation, so somebody else must withdraw it."
    return ""
