"""Withdraws assignments that will not be implemented, and says why."""

from collections.abc import Iterable
from datetime import datetime

from forces import audit
from forces.accounts.memberships import bodies_of
from forces.models import User
from forces.refusal import Refusal
from recommendations.actions.change import changing_all
from recommendations.models import Assignment, Ending, Recommendation, Withdrawal
from recommendations.rules import CLOSED, EndingKind

MISSING_REASON = "Enter why you are withdrawing it. The reason is shown next to it."
MISSING_RECOMMENDATION = "Select the recommendation that supersedes it"


def withdraw_assignment(
    *,
    assignment: Assignment,
    kind: str,
    superseded_by: Recommendation | None = None,
    reason: str,
    by: User,
    at: datetime,
) -> Withdrawal:
    """Close an assignment; `kind` is an EndingKind.

    Raises Refusal without a reason, if it is already closed, if the person acts for the
    organisation, or as `ending_error` says.
    """
    (withdrawal,) = withdraw_assignments(
        [assignment.pk], kind=kind, superseded_by=superseded_by, reason=reason, by=by, at=at
    )
    return withdrawal


def withdraw_assignments(
    assignment_ids: Iterable[int],
    *,
    kind: str,
    superseded_by: Recommendation | None = None,
    reason: str,
    by: User,
    at: datetime,
) -> list[Withdrawal]:
    """Close assignments, given by primary key: all of them or none. Raises Refusal as for one."""
    if not reason.strip():
        raise Refusal(MISSING_REASON)
    with changing_all(assignment_ids, at=at, because="withdrawn") as locked:
        own = bodies_of(by, at=at)
        for assignment in locked.values():
            is_own = assignment.body_id in own
            error = withdrawal_error(assignment, is_own=is_own)
            if error := error or ending_error(assignment, kind, superseded_by):
                raise Refusal(error)
        withdrawals = Withdrawal.objects.bulk_create(
            Withdrawal(
                assignment=assignment, reason=reason.strip(), withdrawn_at=at, withdrawn_by=by
            )
            for assignment in locked.values()
        )
        endings = Ending.objects.bulk_create(
            Ending(
                withdrawal=withdrawal,
                number=1,
                kind=kind,
                superseded_by=superseded_by,
                recorded_at=at,
                recorded_by=by,
            )
            for withdrawal in withdrawals
        )
        audit.record_all(
            audit.NewEvent(
                at=at,
                act="assignment withdrawn",
                actor=by,
                subject=withdrawal.assignment,
                body=withdrawal.assignment.body,
                rows=[withdrawal, ending],
                details=ending_details(ending),
            )
            for withdrawal, ending in zip(withdrawals, endings, strict=True)
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


def ending_error(assignment: Assignment, kind: str, superseded_by: Recommendation | None) -> str:
    """Return why an assignment cannot end like this, or ""; 1 query if it is superseded."""
    if kind == EndingKind.MOVED:
        return "Only the end of an organisation moves its recommendations."
    if (kind == EndingKind.SUPERSEDED) != (superseded_by is not None):
        return f"{MISSING_RECOMMENDATION}, for that kind only."
    if superseded_by and assignment.recommendation_id in _following(superseded_by.pk):
        return (
            f"Recommendation {assignment.recommendation.reference} cannot be superseded by "
            f"recommendation {superseded_by.reference}, because that would be a circle."
        )
    return ""


def ending_details(ending: Ending) -> dict[str, str]:
    """Return the kind, and what supersedes the assignment, for the audit trail."""
    if ending.superseded_by is None:
        return {"kind": ending.kind}
    return {"kind": ending.kind, "superseded_by": str(ending.superseded_by)}


def _following(recommendation_id: int) -> set[int]:
    """Return the keys of a recommendation and all that supersede it, one after another; 1 query."""
    rows = Ending.objects.current().exclude(superseded_by=None)
    links = set(rows.values_list("withdrawal__assignment__recommendation", "superseded_by"))
    found, following = set[int](), {recommendation_id}
    while following:
        found |= following
        following = {later for earlier, later in links if earlier in following} - found
    return found
