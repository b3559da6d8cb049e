"""What an analyst reads before a decision on a claim."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.text import capfirst

from forces.models import User
from forces.names import name_writers
from forces.rows import first_row
from recommendations import lateness, rules, wording
from recommendations.dashboards.assignment.entries import LabelledText
from recommendations.dashboards.assignment.update_entries import passages_of
from recommendations.dashboards.reviews.reviews import reviews_of
from recommendations.dashboards.reviews.waiting_claims import REVIEWER_RELATIONS, holder_of
from recommendations.models import (
    Assignment,
    Evidence,
    Inspection,
    Review,
    Update,
)


@dataclass(frozen=True, kw_only=True)
class ClaimDetails:
    """A claim with its answers and evidence."""

    update: Update
    body: str
    passages: tuple[LabelledText, ...]
    files: list[Evidence]
    held_by: str
    is_late: bool
    days_late: int


@dataclass(frozen=True, kw_only=True)
class EarlierUpdate:
    """The update before a claim, whatever became of it."""

    update: Update
    submitted: str  # `3 March`
    outcome: str  # "Accepted" or "Returned" if it was a claim, else empty
    passages: tuple[LabelledText, ...]


@dataclass(frozen=True, kw_only=True)
class PreviousReturn:
    """Why the last claim before this one was returned."""

    update_number: int
    on: date
    by: str
    causes: list[str]
    reason: str
    href: str  # of the returned claim in the history


def claims_on(inspection: Inspection | None, reference: str, *, at: datetime) -> list[ClaimDetails]:
    """Every waiting claim of one recommendation, oldest first; three queries."""
    assignments = (
        Assignment.objects.filter(
            recommendation__inspection=inspection, recommendation__reference=reference
        )
        .waiting_for_review()
        .select_related(
            "body", "latest_update__submitted_by", "latest_update__approved_by", *REVIEWER_RELATIONS
        )
        .prefetch_related("latest_update__evidence")
    )
    claims = [row.latest_update for row in assignments if row.latest_update]
    name_writers([(claim, "submitted_by", "submitted_at") for claim in claims])
    return [
        _claim_details(assignment, assignment.latest_update, at=at)
        for assignment in assignments
        if assignment.latest_update
    ]


def _claim_details(assignment: Assignment, claim: Update, *, at: datetime) -> ClaimDetails:
    holder = holder_of(claim, at=at)
    return ClaimDetails(
        update=claim,
        body=assignment.body.name,
        passages=passages_of(claim),
        files=list(claim.evidence.all()),
        held_by=holder.name if holder else "",
        is_late=assignment.is_late,
        days_late=assignment.days_late,
    )


def days_late_of(claim: Update, assignment: Assignment) -> int:
    """Return how many days late the claim is, from the first claim on its assignment."""
    return lateness.claim_days_late(
        claimed_at=claim.submitted_at,
        first_claimed_at=assignment.first_claimed_at or claim.submitted_at,
        due_on=assignment.due_on,
    )


def earlier_reviews(claim: Update) -> list[Review]:
    """Return the reviews of the earlier claims on the assignment, newest first; up to 2 queries."""
    reviews = reviews_of(claim.assignment_id)
    earlier = [review for review in reviews if review.update.number < claim.number]
    return sorted(earlier, key=lambda review: review.update.number, reverse=True)


def update_before(claim: Update, earlier: list[Review], *, on: date) -> EarlierUpdate | None:
    """Return the update before a claim; `earlier` are its `earlier_reviews`. 2 queries."""
    condition = "own.assignment_id = %s AND own.number = %s"
    parameters = (claim.assignment_id, claim.number - 1)
    update = first_row(Update, condition, *parameters, related=("submitted_by",))
    if update is None:
        return None
    name_writers([(update, "submitted_by", "submitted_at")])
    review = next((review for review in earlier if review.update_id == update.pk), None)
    outcome = str(Review.Decision(review.current_decision).label) if review else ""
    submitted_on = rules.london_day(update.submitted_at)
    return EarlierUpdate(
        update=update,
        submitted=wording.day(submitted_on, today=on),
        outcome=outcome,
        passages=passages_of(update),
    )


def previous_return(claim: Update, earlier: list[Review]) -> PreviousReturn | None:
    """Return why the last of the `earlier_reviews` returned a claim, if one did."""
    review = next((review for review in earlier if review.is_return), None)
    if review is None:
        return None
    correction = review.latest_correction
    return PreviousReturn(
        update_number=review.update.number,
        on=rules.london_day(correction.corrected_at if correction else review.reviewed_at),
        by=correction.corrected_by.name if correction else review.reviewed_by.name,
        causes=review.causes_in_words,
        reason=review.words,
        href=f"{claim.assignment.get_absolute_url()}#update-{review.update.number}",
    )


def decision_sentence(claim: Update, *, reader: User, on: date) -> str:
    """`You accepted this claim at 3:04pm.`, with the latest correction, if there is one."""
    review = claim.review
    who = wording.person(review.reviewed_by.name, is_reader=review.reviewed_by == reader)
    when = wording.moment(review.reviewed_at, on=on)
    sentence = f"{capfirst(who)} {review.get_decision_display().lower()} this claim {when}."
    correction = review.latest_correction
    if correction is None:
        return sentence
    decision = correction.get_decision_display().lower()
    moment = wording.moment(correction.corrected_at, on=on)
    return f"{sentence} {correction.corrected_by.name} corrected this {moment}: {decision}."
