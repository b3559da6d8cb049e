"""Decides requests for more time: grants one, grants another date, or refuses it."""

from datetime import date, datetime

from django.db import transaction

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations import wording
from recommendations.actions.change import changing, lock_assignment
from recommendations.actions.change_due_date import change_due_date
from recommendations.actions.hold_claim import refuse_own_claim
from recommendations.actions.request_extension import refuse_if_decided
from recommendations.models import DueDateChange, DueDateDecision, DueDateRequest

Outcome = DueDateDecision.Outcome
DECIDE = "decide about this request"


@transaction.atomic
def grant_request(
    *, request: DueDateRequest, by: User, at: datetime, to: date | None = None, words: str = ""
) -> DueDateDecision:
    """Change the due date to the requested day, or to the London day `to`.

    Raises Refusal if the request is already decided, the assignment is closed, the due date has
    changed since the request, another date is granted without a reason, or the person acts for the
    organisation.
    """
    new_due_on = to or request.asked_due_on
    is_other = new_due_on != request.asked_due_on
    if is_other and not words.strip():
        raise Refusal("Enter why you are granting a different date from the one requested.")
    locked = lock_assignment(request.assignment_id)
    refuse_if_decided(request)
    refuse_own_claim(locked, by=by, at=at, what=DECIDE)
    if locked.due_on != request.due_on and not is_other:
        raise Refusal(
            f"The due date has changed to {wording.day(locked.due_on)} since this request was "
            "made. Grant another date, or refuse the request."
        )
    change = change_due_date(
        assignment=request.assignment,
        to=new_due_on,
        reason=words.strip() or request.reason,
        by=by,
        at=at,
    )
    outcome = Outcome.GRANTED_OTHER if is_other else Outcome.GRANTED
    return _decide(request, outcome, change, words=words, by=by, at=at)


def refuse_request(
    *, request: DueDateRequest, words: str, by: User, at: datetime
) -> DueDateDecision:
    """Leave the due date as it is.

    Raises Refusal without a reason, if already decided, or if the person acts for the organisation.
    """
    if not words.strip():
        raise Refusal("Enter why you are refusing, so that the organisation knows what to do.")
    with changing(request.assignment_id, at=at, because="more time refused") as locked:
        refuse_if_decided(request)
        refuse_own_claim(locked, by=by, at=at, what=DECIDE)
        return _decide(request, Outcome.REFUSED, None, words=words, by=by, at=at)


def _decide(
    request: DueDateRequest,
    outcome: Outcome,
    change: DueDateChange | None,
    *,
    words: str,
    by: User,
    at: datetime,
) -> DueDateDecision:
    decision = DueDateDecision.objects.create(
        request=request,
        outcome=outcome,
        due_date_change=change,
        words=words.strip(),
        decided_at=at,
        decided_by=by,
    )
    audit.record(
        at=at,
        act=f"more time {outcome.label.lower()}",
        actor=by,
        subject=request,
        body=request.assignment.body,
        rows=[decision],
        assignment=request.assignment_id,
        to=change.to_due_on.isoformat() if change else None,
    )
    return decision
