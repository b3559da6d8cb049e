"""Says or corrects why an assignment was withdrawn."""

from datetime import datetime

from forces import audit
from forces.accounts.memberships import bodies_of
from forces.models import User
from forces.refusal import Refusal
from recommendations.actions.change import changing
from recommendations.actions.withdraw_assignment import ending_details, ending_error
from recommendations.models import Assignment, Ending, Recommendation, Withdrawal
from recommendations.rules import EndingKind, Status

MISSING_REASON = "Enter why you are changing it. The reason is shown in the history."


def record_ending(
    *,
    assignment: Assignment,
    kind: str,
    superseded_by: Recommendation | None = None,
    reason: str,
    by: User,
    at: datetime,
) -> Ending:
    """Add a row with the kind of a withdrawal, which counts instead of the row before it.

    A second click returns the same row. Raises Refusal without a reason, if the assignment is not
    withdrawn, if the person acts for the organisation, or as `ending_error` says.
    """
    if not reason.strip():
        raise Refusal(MISSING_REASON)
    with changing(assignment.pk, at=at, because="kind of withdrawal recorded") as locked:
        is_own = locked.body_id in bodies_of(by, at=at)
        if error := record_ending_error(locked, is_own=is_own):
            raise Refusal(error)
        withdrawal = Withdrawal.objects.get(assignment=locked)
        last = withdrawal.endings.last()
        if last and (last.kind, last.superseded_by) == (kind, superseded_by):
            return last
        if error := ending_error(locked, kind, superseded_by):
            raise Refusal(error)
        ending = Ending.objects.create(
            withdrawal=withdrawal,
            number=last.number + 1 if last else 1,
            kind=kind,
            superseded_by=superseded_by,
            reason=reason.strip(),
            recorded_at=at,
            recorded_by=by,
        )
        audit.record(
            at=at,
            act="kind of withdrawal recorded",
            actor=by,
            subject=locked,
            body=locked.body,
            rows=[ending],
            **ending_details(ending),
        )
    return ending


def record_ending_error(assignment: Assignment, *, is_own: bool) -> str:
    """Return why nobody, or not this person, can say why it was withdrawn; or "".

    `is_own`: whether the person acts for the organisation. A trigger refuses it, too.
    """
    if assignment.status != Status.WITHDRAWN:
        return "This recommendation has not been withdrawn."
    if assignment.ending == EndingKind.MOVED:
        return "This recommendation has moved to another organisation, so this cannot change."
    return "You also act for this organisation, so somebody else must change it." if is_own else ""
