"""The queue of claims that wait for review, its filters, and the claim that comes next."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse

from forces.models import User
from recommendations import lateness, rules, wording
from recommendations.dashboards.filters import Select, select
from recommendations.models import Assignment, Inspection, ReviewAssignee, ReviewHold, Update

# Of an assignment: its claim, who is reviewing it, and who is to review it.
REVIEWER_RELATIONS = ("latest_update__hold__held_by", "latest_update__assignee__reviewer")


@dataclass(frozen=True, kw_only=True)
class WaitingClaim:
    """A claim in the queue."""

    update_id: int
    assignment_id: int
    claimed_at: datetime
    body: str
    body_slug: str
    short_name: str  # of the body
    number: int  # of the recommendation
    recommendation: str
    claimed_on: date
    review_due_on: date
    evidence_count: int
    held_by: str
    held_by_id: int | None
    reviewer: str  # to whom it is assigned
    reviewer_id: int | None
    is_review_late: bool
    review_days_late: int  # working days
    is_late: bool  # submitted after the due date
    days_late: int  # from the due date to the first claim
    review_url: str


@dataclass(frozen=True, kw_only=True)
class ReviewsQuery:
    """The filters of the queue: a force or other organisation, a recommendation, late, mine."""

    force: str = ""  # slug
    recommendation: str = ""  # number
    is_late: bool = False
    is_mine: bool = False

    @property
    def address(self) -> str:
        """The query part of an address, with its question mark."""
        values = {
            "force": self.force,
            "recommendation": self.recommendation,
            "late": "1" if self.is_late else "",
            "mine": "1" if self.is_mine else "",
        }
        query = urlencode({name: value for name, value in values.items() if value})
        return f"?{query}" if query else ""

    def matches(self, claim: WaitingClaim, *, reader: User) -> bool:
        return (
            self.force in {"", claim.body_slug}
            and self.recommendation in {"", str(claim.number)}
            and (not self.is_late or claim.is_review_late)
            and (not self.is_mine or reader.pk in {claim.reviewer_id, claim.held_by_id})
        )


def parse_reviews_query(values: Mapping[str, str], claims: list[WaitingClaim]) -> ReviewsQuery:
    """Return the filters in GET parameters. What no waiting claim has is not filtered by."""
    force, recommendation = values.get("force", ""), values.get("recommendation", "")
    return ReviewsQuery(
        force=force if any(claim.body_slug == force for claim in claims) else "",
        recommendation=recommendation
        if any(str(claim.number) == recommendation for claim in claims)
        else "",
        is_late=values.get("late") == "1",
        is_mine=values.get("mine") == "1",
    )


def waiting_claims(inspection: Inspection | None, *, at: datetime) -> list[WaitingClaim]:
    """The whole queue, oldest first; one query."""
    assignments = (
        Assignment.objects.filter(
            recommendation__inspection=inspection, latest_update__isnull=False
        )
        .waiting_for_review()
        .select_related("recommendation", "body", *REVIEWER_RELATIONS)
    )
    return [
        _waiting_claim(item, item.latest_update, at=at)
        for item in assignments
        if item.latest_update
    ]


def holder_of(claim: Update, *, at: datetime) -> User | None:
    """The analyst who is reviewing a claim; it is selected with REVIEWER_RELATIONS."""
    hold: ReviewHold | None = getattr(claim, "hold", None)
    return hold.held_by if hold and hold.is_active_at(at=at) else None


def _waiting_claim(assignment: Assignment, claim: Update, *, at: datetime) -> WaitingClaim:
    on, claimed_at = rules.london_day(at), claim.submitted_at
    holder = holder_of(claim, at=at)
    assignee: ReviewAssignee | None = getattr(claim, "assignee", None)
    return WaitingClaim(
        update_id=claim.pk,
        assignment_id=assignment.pk,
        claimed_at=claimed_at,
        body=assignment.body.name,
        body_slug=assignment.body.slug,
        short_name=assignment.body.short_name,
        number=assignment.recommendation.number,
        recommendation=str(assignment.recommendation),
        claimed_on=rules.london_day(claimed_at),
        review_due_on=lateness.review_due_on(claimed_at=claimed_at),
        evidence_count=claim.evidence_count,
        held_by=holder.name if holder else "",
        held_by_id=holder.pk if holder else None,
        reviewer=assignee.reviewer.name if assignee else "",
        reviewer_id=assignee.reviewer_id if assignee else None,
        is_review_late=lateness.has_late_review(assignment, on=on),
        review_days_late=lateness.review_days_late(claimed_at=claimed_at, on=on),
        is_late=assignment.is_late,
        days_late=assignment.days_late,
        review_url=reverse("review", args=[claim.pk]),
    )


def next_claim(queue: list[WaitingClaim], *, after: Update) -> WaitingClaim | None:
    """Return the claim that follows `after` in a filtered queue, or its first; None if empty."""
    place = (after.submitted_at, after.assignment_id)
    others = [claim for claim in queue if claim.update_id != after.pk]
    following = (claim for claim in others if (claim.claimed_at, claim.assignment_id) > place)
    return next(following, others[0] if others else None)


def filter_fields(query: ReviewsQuery, claims: list[WaitingClaim]) -> list[Select]:
    """Return the select fields of the filter form; their options are what waits."""
    forces = sorted({(claim.short_name, claim.body_slug) for claim in claims})
    recommendations = sorted({claim.number: claim.recommendation for claim in claims}.items())
    return [
        select(
            *("force", "Force", "All forces", [(slug, name) for name, slug in forces]),
            chosen=query.force,
        ),
        select(
            *("recommendation", "Recommendation", "All recommendations"),
            [(str(number), text) for number, text in recommendations],
            chosen=query.recommendation,
        ),
        select(
            *("late", "Review", "Any", [("1", "Late")]),
            chosen="1" if query.is_late else "",
        ),
        select(
            *("mine", "Reviewer", "Anyone", [("1", "Me")]),
            chosen="1" if query.is_mine else "",
        ),
    ]


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
