"""Says or corrects why an assignment was withdrawn."""

from datetime import datetime

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.actions.change import changing
from recommendations.actions.withdraw_assignment import ending_details, ending_error
from recommendations.models import Assignment, Ending, Recommendation, Withdrawal

MISSING_REASON = "Enter why you are changing it. The reason is shown in the history."
NOT_WITHDRAWN = "This recommendation has not been withdrawn."


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
    withdrawn, or as `ending_error` says.
    """
    if not reason.strip():
        raise Refusal(MISSING_REASON)
    with changing(assignment.pk, at=at, because="kind of withdrawal recorded") as locked:
        withdrawal = Withdrawal.objects.filter(assignment=locked).first()
        if withdrawal is None:
            raise Refusal(NOT_WITHDRAWN)
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
