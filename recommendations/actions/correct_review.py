"""A review that was wrong is put right by a new row that names it (design, rule 5)."""

from datetime import datetime

from forces import audit
from forces.models import User
from recommendations.actions.change import Refusal, changing
from recommendations.models import Assignment, Review, ReviewCorrection
from recommendations.rules import Status

_OTHER = {
    Review.Decision.ACCEPTED.value: Review.Decision.RETURNED,
    Review.Decision.RETURNED.value: Review.Decision.ACCEPTED,
}


def correct_review(*, review: Review, reason: str, by: User, at: datetime) -> ReviewCorrection:
    """Turn the standing decision round: what was accepted is returned, and the other way.

    Raises Refusal without a reason, after a newer update, or on a withdrawn assignment.
    """
    if not reason.strip():
        raise Refusal("Say why the decision was wrong: the reason is shown with it.")
    claim = review.update
    with changing(claim.assignment_id, at=at, because="review corrected") as assignment:
        if why := why_uncorrectable(review, assignment):
            raise Refusal(why)
        before = review.corrections.order_by("number").last()
        stood = before.decision if before else review.decision
        correction = ReviewCorrection.objects.create(
            review=review,
            number=(before.number if before else 0) + 1,
            decision=_OTHER[stood],
            reason=reason.strip(),
            corrected_at=at,
            corrected_by=by,
        )
        audit.record(
            at=at,
            act="review corrected",
            actor=by,
            subject=correction,
            body=assignment.body,
            assignment=assignment.pk,
            **{"from": stood, "to": correction.decision},
        )
    return correction


def why_uncorrectable(review: Review, assignment: Assignment) -> str:
    """Why the decision stands for good; empty where it can be corrected."""
    if assignment.status == Status.WITHDRAWN:
        return "This recommendation was withdrawn since, so the decision stands."
    if assignment.latest_update_id != review.update_id:
        return "A newer update was sent since, so the decision stands."
    return ""
