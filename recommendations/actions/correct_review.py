"""Corrects a wrong review by a new row that refers to it."""

from datetime import datetime

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.actions.change import changing
from recommendations.actions.hold_claim import refuse_own_claim
from recommendations.models import Assignment, Review, ReviewCorrection
from recommendations.rules import Status


def correct_review(
    *, review: Review, to: str, reason: str, by: User, at: datetime
) -> ReviewCorrection:
    """Replace the current decision by the other one, `to`.

    Raises Refusal without a reason, if `to` is the current decision, after a newer update, or for
    a withdrawn assignment.
    """
    if not reason.strip():
        raise Refusal("Enter why the decision was wrong. The reason is shown next to it.")
    claim = review.update
    with changing(claim.assignment_id, at=at, because="review corrected") as assignment:
        if error := review_correction_error(review, assignment):
            raise Refusal(error)
        refuse_own_claim(assignment, by=by, at=at)
        latest = review.corrections.order_by("number").last()
        current = latest.decision if latest else review.decision
        if current == to:
            name = latest.corrected_by.name if latest else review.reviewed_by.name
            decision = Review.Decision(to).label.lower()
            raise Refusal(f"{name} has already {decision} this claim.")
        correction = ReviewCorrection.objects.create(
            review=review,
            number=(latest.number if latest else 0) + 1,
            decision=to,
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
            rows=[correction],
            assignment=assignment.pk,
            **{"from": current, "to": correction.decision},
        )
    return correction


def review_correction_error(review: Review, assignment: Assignment) -> str:
    """Return why the decision cannot be corrected, or ""."""
    if assignment.status == Status.WITHDRAWN:
        return "This recommendation has been withdrawn, so the decision cannot be corrected."
    if assignment.latest_update_id != review.update_id:
        return "There is a newer update, so the decision cannot be corrected."
    return ""
