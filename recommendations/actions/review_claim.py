"""An analyst's answer to a claim (design, rules 2 and 5)."""

from datetime import datetime

from forces import audit
from forces.models import User
from recommendations.actions.change import Refusal, changing
from recommendations.models import Review, Update


def accept_claim(*, claim: Update, by: User, at: datetime, reason: str = "") -> Review:
    """The assignment is implemented. Raises Refusal if the claim was answered already."""
    return _review(claim, Review.Decision.ACCEPTED, reason=reason.strip(), by=by, at=at)


def return_claim(*, claim: Update, reason: str, by: User, at: datetime) -> Review:
    """The assignment is in progress again, overdue from the same due date (rule 2).

    Raises Refusal if the claim was answered already, or no reason is given.
    """
    if not reason.strip():
        raise Refusal("Say why you return the claim, so that the body knows what to do.")
    return _review(claim, Review.Decision.RETURNED, reason=reason.strip(), by=by, at=at)


def _review(claim: Update, decision: str, *, reason: str, by: User, at: datetime) -> Review:
    because = f"claim {decision}"
    with changing(claim.assignment_id, at=at, because=because) as assignment:
        answered = Review.objects.select_related("reviewed_by").filter(update=claim).first()
        if answered is not None:
            raise Refusal(
                f"{answered.reviewed_by.name} has already "
                f"{answered.get_decision_display().lower()} this claim."
            )
        if assignment.latest_update_id != claim.pk or not assignment.is_waiting_for_review:
            raise Refusal("This is not a claim that waits for review.")
        review = Review.objects.create(
            update=claim, decision=decision, reason=reason, reviewed_at=at, reviewed_by=by
        )
        audit.record(
            at=at,
            act=because,
            actor=by,
            subject=review,
            body=assignment.body,
            assignment=assignment.pk,
            update=claim.number,
        )
    return review
