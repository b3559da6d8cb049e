"""A review that was wrong is put right by a new row that names it (design, rule 5)."""

from datetime import datetime

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.actions.change import changing
from recommendations.models import Assignment, Review, ReviewCorrection
from recommendations.rules import Status


def correct_review(
    *, review: Review, to: str, reason: str, by: User, at: datetime
) -> ReviewCorrection:
    """Put the other decision, `to`, in the place of the one that stands.

    Raises Refusal without a reason, where `to` stands already, after a newer update, or on a
    withdrawn assignment.
    """
    if not reason.strip():
        raise Refusal("Say why the decision was wrong: the reason is shown with it.")
    claim = review.update
    with changing(claim.assignment_id, at=at, because="review corrected") as assignment:
        if why := why_uncorrectable(review, assignment):
            raise Refusal(why)
        before = review.corrections.order_by("number").last()
        stood = before.decision if before else review.decision
        if stood == to:
            by_whom = before.corrected_by.name if before else review.reviewed_by.name
            decided = Review.Decision(to).label.lower()
            raise Refusal(f"The claim is {decided} already, by {by_whom}.")
        correction = ReviewCorrection.objects.create(
            review=review,
            number=(before.number if before else 0) + 1,
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
