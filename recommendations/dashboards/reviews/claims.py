"""What an analyst needs to see of claims: the queue, and one claim with all that belongs to it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

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
    """One row of the queue."""

    update_id: int | None
    body: str
    number: int  # of the recommendation
    recommendation: str
    claimed_on: date
    review_due_on: date
    evidence_count: int
    held_by: str
    is_review_late: bool
    is_late: bool  # sent after the due date


@dataclass(frozen=True)
class Together:
    """A recommendation with more than one waiting claim."""

    number: int
    count: int


@dataclass(frozen=True, kw_only=True)
class ClaimToRead:
    """A claim with its papers, as it is read before a decision."""

    update: Update
    body: str
    passages: tuple[Passage, ...]
    files: list[Evidence]
    held_by: str
    is_late: bool


def waiting_claims(inspection: Inspection | None, *, at: datetime) -> list[WaitingClaim]:
    """Oldest first; two queries."""
    on = rules.london_day(at)
    waiting = (
        Assignment.objects.filter(recommendation__inspection=inspection)
        .waiting_for_review()
        .select_related("recommendation", "body", "latest_update")
    )
    holds = standing_holds(at=at)
    return [_row(each, holds, on=on) for each in waiting]


def standing_holds(*, at: datetime) -> dict[int, str]:
    """Who holds which claim now; one query."""
    holds = ReviewHold.objects.select_related("held_by")
    return {hold.update_id: hold.held_by.name for hold in holds if hold.is_standing(at=at)}


def _row(assignment: Assignment, holds: dict[int, str], *, on: date) -> WaitingClaim:
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
        held_by=holds.get(assignment.latest_update_id or 0, ""),
        is_review_late=rules.has_late_review(assignment, on=on),
        is_late=assignment.is_late,
    )


def together(claims: list[WaitingClaim]) -> list[Together]:
    counts = Counter(claim.number for claim in claims)
    return [Together(number, count) for number, count in sorted(counts.items()) if count > 1]


def queue_sentence(claims: list[WaitingClaim]) -> str:
    late = sum(claim.is_review_late for claim in claims)
    verb = "waits" if len(claims) == 1 else "wait"
    waiting = f"{wording.count(len(claims), 'claim')} {verb} for review"
    if not late:
        return f"{waiting}; none has waited longer than ten working days."
    waited = "has" if late == 1 else "have"
    return f"{waiting}; {late:,} {waited} waited longer than ten working days."


def claims_to_read(
    inspection: Inspection | None, number: int, *, at: datetime
) -> list[ClaimToRead]:
    """Every waiting claim of one recommendation, oldest first; three queries."""
    waiting = (
        Assignment.objects.filter(
            recommendation__inspection=inspection, recommendation__number=number
        )
        .waiting_for_review()
        .select_related("body", "latest_update__submitted_by")
        .prefetch_related("latest_update__evidence")
    )
    holds = standing_holds(at=at)
    return [_read(each, each.latest_update, holds) for each in waiting if each.latest_update]


def _read(assignment: Assignment, claim: Update, holds: dict[int, str]) -> ClaimToRead:
    return ClaimToRead(
        update=claim,
        body=assignment.body.name,
        passages=passages_of(claim),
        files=list(claim.evidence.all()),
        held_by=holds.get(claim.pk, ""),
        is_late=assignment.is_late,
    )


def last_accepted_before(claim: Update) -> Update | None:
    """The last update before a claim that was no claim itself, or was accepted; two queries."""
    corrections = ReviewCorrection.objects.filter(review__update=OuterRef("pk"))
    standing = corrections.order_by("-number").values("decision")[:1]
    before = Update.objects.filter(assignment_id=claim.assignment_id, number__lt=claim.number)
    return (
        before.annotate(decision=Coalesce(Subquery(standing), F("review__decision")))
        .filter(~Q(status=ReportedStatus.IMPLEMENTED) | Q(decision=Review.Decision.ACCEPTED))
        .select_related("submitted_by", "review__reviewed_by")
        .prefetch_related("review__corrections")
        .order_by("-number")
        .first()
    )


def decided_sentence(claim: Update, *, reader: User, on: date) -> str:
    """`You accepted this claim at 3:04pm`, with the correction that stands now."""
    answer = claim.review
    who = wording.person(answer.reviewed_by.name, is_reader=answer.reviewed_by == reader)
    when = wording.moment(answer.reviewed_at, on=on)
    sentence = (
        f"{who[0].upper()}{who[1:]} {answer.get_decision_display().lower()} this claim {when}."
    )
    correction = answer.latest_correction
    if correction is None:
        return sentence
    decision = correction.get_decision_display().lower()
    moment = wording.moment(correction.corrected_at, on=on)
    return f"{sentence} {correction.corrected_by.name} corrected that {moment}: {decision}."
