"""Records whether a claim that was drawn for testing held."""

from datetime import datetime

from django.db import transaction

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.actions.change import count_revision, lock_assignment
from recommendations.actions.draw_round import possible_testers
from recommendations.models import ClaimTest, ClaimTestResult, Update

MISSING_REASON = "Enter the reason"
CHANGED = "Somebody has recorded a result since you opened this page. Check it again."


@transaction.atomic
def record_test(
    *, test: ClaimTest, outcome: str, reason: str, seen: int, by: User, at: datetime
) -> ClaimTestResult:
    """Add the result of a test; a later one replaces it, with a reason.

    Anybody who is independent of the claim can record it, also if another tester was assigned.
    `seen` is the number of the last result that the person saw, or 0. Raises Refusal.
    """
    assignment = lock_assignment(test.claim.assignment_id)
    last = test.results.order_by("number").last()
    if seen != (last.number if last else 0):
        raise Refusal(CHANGED)
    if error := dependence_error(test.claim, by=by, at=at):
        raise Refusal(f"{error}.")
    reason = reason.strip()
    if not reason and is_reason_needed(outcome, is_correction=last is not None):
        raise Refusal(f"{MISSING_REASON}.")
    if last is not None and at < last.recorded_at:  # of a server whose clock is behind
        raise Refusal(CHANGED)
    result = ClaimTestResult.objects.create(
        test=test,
        number=seen + 1,
        outcome=outcome,
        reason=reason,
        recorded_at=at,
        recorded_by=by,
    )
    audit.record(
        at=at,
        act="claim tested" if last is None else "result of test corrected",
        actor=by,
        subject=result,
        body=assignment.body,
        rows=[result],
        assignment=assignment.pk,
        update=test.claim.number,
        outcome=outcome,
    )
    count_revision(assignment.recommendation.inspection_id)
    return result


def is_reason_needed(outcome: str, *, is_correction: bool) -> bool:
    return is_correction or outcome != ClaimTestResult.Outcome.HELD


def dependence_error(claim: Update, *, by: User, at: datetime) -> str:
    """Return why the person must not test the claim, without a full stop, or ""."""
    found = possible_testers(at=at, people=[by.pk])
    return found[0].dependence(claim) if found else f"{by.name} does not test claims"
