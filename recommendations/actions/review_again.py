"""Second reviews: of accepted claims of the department that the analysts work for."""

from datetime import datetime

from forces import audit
from forces.models import Body, Membership, Role, User
from forces.refusal import Refusal
from recommendations.actions.change import changing
from recommendations.actions.correct_review import correct_review, review_correction_error
from recommendations.actions.hold_claim import refuse_own_claim
from recommendations.models import Assignment, Review, ReviewCorrection, SecondReview, Update
from recommendations.rules import london_day

_IN_THE_DEPARTMENT = (Role.ANALYST, Role.ADMINISTRATOR)


def confirm_acceptance(*, claim: Update, comment: str, by: User, at: datetime) -> SecondReview:
    """Confirm the decision to accept a claim, which is then no longer self-assessed.

    `by` acts as a second reviewer. Raises Refusal if the claim is not self-assessed any more, or
    if the person made the decision, works for the department or acts for it.
    """
    with changing(claim.assignment_id, at=at, because="second review") as assignment:
        review, body = _review_to_confirm(claim, assignment, by=by, at=at)
        second = SecondReview.objects.create(
            review=review, body=body, comment=comment.strip(), reviewed_at=at, reviewed_by=by
        )
        audit.record(
            at=at,
            act="second review",
            actor=by,
            subject=second,
            body=assignment.body,
            rows=[second],
            assignment=assignment.pk,
            update=claim.number,
            reviewer_organisation=body.slug,
        )
    return second


def return_accepted(*, claim: Update, reason: str, by: User, at: datetime) -> ReviewCorrection:
    """Return a claim that the department has accepted. Raises Refusal as `confirm_acceptance`."""
    with changing(claim.assignment_id, at=at, because="second review") as assignment:
        review, _ = _review_to_confirm(claim, assignment, by=by, at=at)
        return correct_review(
            review=review, to=Review.Decision.RETURNED, reason=reason, by=by, at=at
        )


def second_review_error(claim: Update, assignment: Assignment) -> str:
    """Return why the claim cannot be reviewed again, or ""."""
    if assignment.latest_update_id == claim.pk and assignment.is_self_assessed:
        return ""
    return "This claim does not wait for a second review."


def _review_to_confirm(
    claim: Update, assignment: Assignment, *, by: User, at: datetime
) -> tuple[Review, Body]:
    """Return the review, and the organisation that the second reviewer works for."""
    review = Review.objects.select_related("reviewed_by").get(update=claim)
    error = second_review_error(claim, assignment) or review_correction_error(review, assignment)
    if error:
        raise Refusal(error)
    refuse_own_claim(assignment, by=by, at=at)
    latest = review.corrections.order_by("number").last()
    decided_by = latest.corrected_by_id if latest else review.reviewed_by_id
    current = Membership.objects.current(on=london_day(at)).filter(person=by)
    is_inside = current.filter(role__in=_IN_THE_DEPARTMENT).exists()
    if by.pk == decided_by or is_inside or by.body is None:
        raise Refusal(
            "The second reviewer must be somebody else, who works for another organisation only."
        )
    return review, by.body
