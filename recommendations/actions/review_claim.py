"""Accepts and returns claims."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.actions.change import changing, lock
from recommendations.actions.hold_claim import (
    refuse_if_held,
    refuse_own_claim,
    review_error,
)
from recommendations.models import Assignment, Review, ReviewAssignee, ReviewHold, Update


def accept_claim(*, claim: Update, by: User, at: datetime, reason: str = "") -> Review:
    """Accept a claim: its assignment is then implemented.

    Raises Refusal if the claim was already reviewed, or somebody else holds it.
    """
    return _review(claim, Review.Decision.ACCEPTED, causes=(), reason=reason.strip(), by=by, at=at)


def return_claim(
    *, claim: Update, reason: str, by: User, at: datetime, causes: Sequence[str] = ()
) -> Review:
    """Return a claim: its assignment is in progress again, and overdue from the same due date.

    Raises Refusal without a reason, if the claim was already reviewed, or somebody else holds it.
    """
    if not reason.strip():
        raise Refusal("Enter why you are returning it, so that the organisation knows what to do.")
    decision = Review.Decision.RETURNED
    return _review(claim, decision, causes=causes, reason=reason.strip(), by=by, at=at)


@transaction.atomic
def accept_claims(
    *, claims: Iterable[Update], by: User, at: datetime, reason: str = ""
) -> list[Review]:
    """Accept several claims, all or none, except those that this user has already accepted.

    Raises Refusal that names the first claim that cannot be accepted.
    """
    in_lock_order = sorted(claims, key=lambda claim: claim.assignment_id)
    lock(claim.assignment_id for claim in in_lock_order)
    accepted = []
    for claim in in_lock_order:
        if Review.objects.filter(update=claim, decision="accepted", reviewed_by=by).exists():
            continue
        try:
            accepted.append(accept_claim(claim=claim, by=by, at=at, reason=reason))
        except Refusal as refusal:
            name = claim.assignment.body.short_name
            raise Refusal(f"{name}: {refusal} No claims were accepted.") from None
    return accepted


def _review(
    claim: Update,
    decision: str,
    *,
    causes: Sequence[str],
    reason: str,
    by: User,
    at: datetime,
) -> Review:
    because = f"claim {decision}"
    with changing(claim.assignment_id, at=at, because=because) as assignment:
        _refuse_unless_waiting(claim, assignment)
        refuse_own_claim(assignment, by=by, at=at)
        refuse_if_held(claim, by=by, at=at)
        review = Review.objects.create(
            update=claim,
            decision=decision,
            causes=list(causes),
            reason=reason,
            reviewed_at=at,
            reviewed_by=by,
        )
        ReviewHold.objects.filter(update=claim).delete()
        ReviewAssignee.objects.filter(update=claim).delete()
        audit.record(
            at=at,
            act=because,
            actor=by,
            subject=review,
            body=assignment.body,
            rows=[review],
            assignment=assignment.pk,
            update=claim.number,
            causes=list(causes),
        )
    return review


def _refuse_unless_waiting(claim: Update, assignment: Assignment) -> None:
    review = Review.objects.select_related("reviewed_by").filter(update=claim).first()
    if review is not None:
        raise Refusal(
            f"{review.reviewed_by.name} has already "
            f"{review.get_decision_display().lower()} this claim."
        )
    if error := review_error(claim, assignment):
        raise Refusal(error)
