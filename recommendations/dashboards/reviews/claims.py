"""Claims as analysts see them: the queue, and what is read before a decision."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.text import capfirst

from forces.models import User
from recommendations import rules, wording
from recommendations.dashboards.assignment.entries import Passage, passages_of
from recommendations.models import (
    Assignment,
    Evidence,
    Inspection,
    Review,
    ReviewCorrection,
    ReviewHold,
    Update,
)
from recommendations.models.answers import ReportedStatus


@dataclass(frozen=True, kw_only=True)
class WaitingClaim:
    """A claim in the queue."""

    update_id: int | None
    body: str
    number: int  # of the recommendation
    recommendation: str
    claimed_on: date
    review_due_on: date
    evidence_count: int
    held_by: str
    is_review_late: bool
    is_late: bool  # submitted after the due date


@dataclass(frozen=True, kw_only=True)
class ClaimDetails:
    """A claim with its answers and evidence."""

    update: Update
    body: str
    passages: tuple[Passage, ...]
    files: list[Evidence]
    held_by: str
    is_late: bool


def waiting_claims(inspection: Inspection | None, *, at: datetime) -> list[WaitingClaim]:
    """The queue, oldest first; two queries."""
    on = rules.london_day(at)
    assignments = (
        Assignment.objects.filter(recommendation__inspection=inspection)
        .waiting_for_review()
        .select_related("recommendation", "body", "latest_update")
    )
    reviewers = _reviewers(at=at)
    return [_waiting_claim(assignment, reviewers, on=on) for assignment in assignments]


def _reviewers(*, at: datetime) -> dict[int, str]:
    """The name of the analyst who is reviewing a claim, by the claim's key; one query."""
    holds = ReviewHold.objects.select_related("held_by")
    return {hold.update_id: hold.held_by.name for hold in holds if hold.is_active_at(at=at)}


def _waiting_claim(assignment: Assignment, reviewers: dict[int, str], *, on: date) -> WaitingClaim:
    claimed_at = assignment.heard_at
    claim = assignment.latest_update
    return WaitingClaim(
        update_id=assignment.latest_update_id,
        body=assignment.body.name,
        number=assignment.recommendation.number,
        recommendation=str(assignment.recommendation),
        claimed_on=rules.london_day(claimed_at),
        review_due_on=rules.review_due_on(claimed_at=claimed_at),
        evidence_count=claim.evidence_count if claim else 0,
        held_by=reviewers.get(assignment.latest_update_id or 0, ""),
        is_review_late=rules.has_late_review(assignment, on=on),
        is_late=assignment.is_late,
    )


def claim_groups(claims: list[WaitingClaim]) -> list[tuple[int, int]]:
    """The recommendations with several waiting claims: number and count of claims."""
    counts = Counter(claim.number for claim in claims)
    return [(number, count) for number, count in sorted(counts.items()) if count > 1]


def queue_sentence(claims: list[WaitingClaim]) -> str:
    """`12 claims waiting. 2 have waited more than 10 working days.`"""
    late = sum(claim.is_review_late for claim in claims)
    verb = "has" if late == 1 else "have"
    waiting = f"{wording.count(len(claims), 'claim')} waiting"
    return f"{waiting}. {f'{late:,}' if late else 'None'} {verb} waited more than 10 working days."


def claims_on(inspection: Inspection | None, number: int, *, at: datetime) -> list[ClaimDetails]:
    """Every waiting claim of one recommendation, oldest first; three queries."""
    assignments = (
        Assignment.objects.filter(
            recommendation__inspection=inspection, recommendation__number=number
        )
        .waiting_for_review()
        .select_related("body", "latest_update__submitted_by")
        .prefetch_related("latest_update__evidence")
    )
    reviewers = _reviewers(at=at)
    return [
        _claim_details(assignment, assignment.latest_update, reviewers)
        for assignment in assignments
        if assignment.latest_update
    ]


def _claim_details(
    assignment: Assignment, claim: Update, reviewers: dict[int, str]
) -> ClaimDetails:
    return ClaimDetails(
        update=claim,
        body=assignment.body.name,
        passages=passages_of(claim),
        files=list(claim.evidence.all()),
        held_by=reviewers.get(claim.pk, ""),
        is_late=assignment.is_late,
    )


def last_accepted_before(claim: Update) -> Update | None:
    """The latest update before the claim, without claims that were not accepted; two queries."""
    corrections = ReviewCorrection.objects.filter(review__update=OuterRef("pk"))
    latest = corrections.order_by("-number").values("decision")[:1]
    earlier = Update.objects.filter(assignment_id=claim.assignment_id, number__lt=claim.number)
    return (
        earlier.annotate(decision=Coalesce(Subquery(latest), F("review__decision")))
        .filter(~Q(status=ReportedStatus.IMPLEMENTED) | Q(decision=Review.Decision.ACCEPTED))
        .select_related("submitted_by", "review__reviewed_by", "confirms")
        .prefetch_related("review__corrections")
        .order_by("-number")
        .first()
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
