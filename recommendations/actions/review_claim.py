"""An analyst's answer to a claim (design, rules 2 and 5)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.actions.change import changing, lock
from recommendations.actions.hold_claim import refuse_if_held, why_not_waiting
from recommendations.models import Assignment, Review, ReviewHold, Update


def accept_claim(*, claim: Update, by: User, at: datetime, reason: str = "") -> Review:
    """The assignment is implemented. Raises Refusal if answered already, or held by another."""
    return _review(claim, Review.Decision.ACCEPTED, causes=(), reason=reason.strip(), by=by, at=at)


def return_claim(
    *, claim: Update, reason: str, by: User, at: datetime, causes: Sequence[str] = ()
) -> Review:
    """The assignment is in progress again, overdue from the same due date (rule 2).

    Raises Refusal if the claim was answered already, another holds it, or no reason is given.
    """
    if not reason.strip():
        raise Refusal("Say why you return the claim, so that the body knows what to do.")
    decision = Review.Decision.RETURNED
    return _review(claim, decision, causes=causes, reason=reason.strip(), by=by, at=at)


@transaction.atomic
def accept_claims(
    *, claims: Iterable[Update], by: User, at: datetime, reason: str = ""
) -> list[Review]:
    """Accept several, all or none; those that the same person accepted already are left.

    Raises Refusal that names the first claim that cannot be accepted.
    """
    several = sorted(claims, key=lambda each: each.assignment_id)
    lock(claim.assignment_id for claim in several)
    accepted = []
    for claim in several:
        if Review.objects.filter(update=claim, decision="accepted", reviewed_by=by).exists():
            continue
        try:
            accepted.append(accept_claim(claim=claim, by=by, at=at, reason=reason))
        except Refusal as refusal:
            name = claim.assignment.body.short_name
            raise Refusal(f"{name}: {refusal} No claim was accepted.") from None
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
        audit.record(
            at=at,
            act=because,
            actor=by,
            subject=review,
            body=assignment.body,
            assignment=assignment.pk,
            update=claim.number,
            causes=list(causes),
        )
    return review


def _refuse_unless_waiting(claim: Update, assignment: Assignment) -> None:
    answered = Review.objects.select_related("reviewed_by").filter(update=claim).first()
    if answered is not None:
        raise Refusal(
            f"{answered.reviewed_by.name} has already "
            f"{answered.get_decision_display().lower()} this claim."
        )
    if why := why_not_waiting(claim, assignment):
        raise Refusal(why)
