"""The queue of claims that wait for review, its filters and order, and which claim comes next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse

from forces.models import User
from forces.rows import tuples
from recommendations import lateness, rules, wording
from recommendations.dashboards.sorting import parse_sort, sort_rows
from recommendations.models import Inspection, ReviewHold, Update
from recommendations.models.review import HOLD_DURATION
from recommendations.rules import Status

# Of an assignment: its claim, who is reviewing it, and who is to review it.
REVIEWER_RELATIONS = ("latest_update__hold__held_by", "latest_update__assignee__reviewer")


class WaitingClaim(NamedTuple):
    """A claim in the queue."""

    update_id: int
    assignment_id: int
    claimed_at: datetime
    body: str
    body_slug: str
    short_name: str  # of the body
    number: int  # of the recommendation
    title: str  # of the recommendation
    claimed_on: date
    claimed: str  # `3 Mar`
    review_due_on: date
    review_due: str
    evidence_count: int
    held_by: str
    held_by_id: int | None
    held_at: datetime | None
    reviewer: str  # to whom it is assigned
    reviewer_id: int | None
    is_review_late: bool
    review_days_late: int  # working days
    is_late: bool  # submitted after the due date
    days_late: int  # from the due date to the first claim

    @property
    def review_url(self) -> str:
        return _review_url(self.update_id)


# Of a claim, what each value of the parameter `sort` orders by. Claims that are equal stay in the
# order of the queue, the oldest first.
SORTS: Mapping[str, Callable[[WaitingClaim], Any]] = MappingProxyType(
    {
        "organisation": lambda claim: claim.short_name,
        "number": lambda claim: claim.number,
        "claimed": lambda claim: claim.claimed_at,
        "late": lambda claim: -claim.claimed_at.timestamp(),
        "files": lambda claim: claim.evidence_count,
    }
)
OLDEST_FIRST = "-late"


@dataclass(frozen=True, kw_only=True)
class ReviewsQuery:
    """The filters and the order of the queue."""

    force: str = ""  # slug of a force or other organisation
    recommendation: str = ""  # number
    is_late: bool = False
    is_mine: bool = False
    sort: str = OLDEST_FIRST

    @property
    def address(self) -> str:
        """The query part of an address, with its question mark."""
        values = {
            "force": self.force,
            "recommendation": self.recommendation,
            "late": "1" if self.is_late else "",
            "mine": "1" if self.is_mine else "",
            "sort": self.sort if self.is_sorted else "",
        }
        query = urlencode({name: value for name, value in values.items() if value})
        return f"?{query}" if query else ""

    @property
    def is_sorted(self) -> bool:
        return self.sort != OLDEST_FIRST

    @property
    def has_filters(self) -> bool:
        return replace(self, sort=OLDEST_FIRST) != ReviewsQuery()

    def matches(self, claim: WaitingClaim, *, reader: User) -> bool:
        return (
            self.force in {"", claim.body_slug}
            and self.recommendation in {"", str(claim.number)}
            and (not self.is_late or claim.is_review_late)
            and (not self.is_mine or reader.pk in {claim.reviewer_id, claim.held_by_id})
        )

    def within(self, claims: list[WaitingClaim]) -> "ReviewsQuery":
        """Return the query without a force or recommendation that none of the claims has."""
        has_force = any(claim.body_slug == self.force for claim in claims)
        has_number = any(str(claim.number) == self.recommendation for claim in claims)
        return replace(
            self,
            force=self.force if has_force else "",
            recommendation=self.recommendation if has_number else "",
        )

    def in_order(self, claims: list[WaitingClaim]) -> list[WaitingClaim]:
        return sort_rows(claims, self.sort, SORTS)


def parse_reviews_query(values: Mapping[str, str]) -> ReviewsQuery:
    """Return the filters and the order in GET parameters."""
    return ReviewsQuery(
        force=values.get("force", ""),
        recommendation=values.get("recommendation", ""),
        is_late=values.get("late") == "1",
        is_mine=values.get("mine") == "1",
        sort=parse_sort(values.get("sort", ""), SORTS, default=OLDEST_FIRST),
    )


@lru_cache(maxsize=1024)
def _review_url(update_id: int) -> str:
    """Reverse it once a process, because the page of each claim lists many others."""
    return reverse("review", args=[update_id])


@dataclass(frozen=True, kw_only=True)
class Queue:
    """Every claim that waits, and those that match the query, both in its order."""

    reader: User
    query: ReviewsQuery
    waiting: list[WaitingClaim]

    @property
    def matching(self) -> list[WaitingClaim]:
        return [claim for claim in self.waiting if self.query.matches(claim, reader=self.reader)]

    def find(self, update_id: int) -> WaitingClaim | None:
        return next((claim for claim in self.waiting if claim.update_id == update_id), None)

    def address_after(self, update_id: int) -> str:
        """Return the address of the next matching claim, or of the queue if there is none.

        Claims that a colleague is reviewing are passed over. After the last claim of a force or
        recommendation comes the rest of the queue.
        """
        keys = [claim.update_id for claim in self.waiting]
        place = keys.index(update_id) if update_id in keys else -1
        others = self.waiting[place + 1 :] + self.waiting[: max(place, 0)]
        query = self.query.within(others)
        following = (
            claim.review_url
            for claim in others
            if query.matches(claim, reader=self.reader)
            and claim.held_by_id in {None, self.reader.pk}
        )
        return next(following, reverse("reviews")) + query.address


def read_queue(
    inspection: Inspection | None, *, values: Mapping[str, str], reader: User, at: datetime
) -> Queue:
    """Return the queue with the filters and the order in GET parameters; 2 queries."""
    waiting = waiting_claims(inspection, at=at)
    query = parse_reviews_query(values).within(waiting)
    return Queue(reader=reader, query=query, waiting=query.in_order(waiting))


def waiting_claims(inspection: Inspection | None, *, at: datetime) -> list[WaitingClaim]:
    """The whole queue, oldest first; 2 queries."""
    if inspection is None:
        return []
    reviewers: dict[tuple[bool, int], _Reviewer] = {
        (is_hold, update_id): _Reviewer(*person)
        for is_hold, update_id, *person in tuples(_REVIEWERS, at - HOLD_DURATION)
    }
    return [
        _waiting_claim(
            *row,
            holder=reviewers.get((True, row[0]), _Reviewer()),
            reviewer=reviewers.get((False, row[0]), _Reviewer()),
            on=rules.london_day(at),
        )
        for row in tuples(_WAITING, Status.EVIDENCE_SUBMITTED, inspection.pk)
    ]


def holder_of(claim: Update, *, at: datetime) -> User | None:
    """The analyst who is reviewing a claim; it is selected with REVIEWER_RELATIONS."""
    hold: ReviewHold | None = getattr(claim, "hold", None)
    return hold.held_by if hold and hold.is_active_at(at=at) else None


_WAITING = """
    SELECT c.id, a.id, a.due_on, a.first_claimed_at, c.submitted_at, c.evidence_count,
           b.name, b.slug, b.short_name, m.number, m.title
    FROM recommendations_assignment a
    JOIN recommendations_update c ON c.id = a.latest_update_id
    JOIN recommendations_recommendation m ON m.id = a.recommendation_id
    JOIN forces_body b ON b.id = a.body_id
    WHERE a.status = %s AND m.inspection_id = %s ORDER BY a.heard_at, a.id
"""
# Who is reviewing a claim, and to whom a review is assigned.
_REVIEWERS = """
    SELECT true, h.update_id, u.id, u.name, h.held_at
    FROM recommendations_reviewhold h JOIN forces_user u ON u.id = h.held_by_id
    WHERE h.held_at > %s
    UNION ALL
    SELECT false, s.update_id, u.id, u.name, s.assigned_at
    FROM recommendations_reviewassignee s JOIN forces_user u ON u.id = s.reviewer_id
"""


class _Reviewer(NamedTuple):
    pk: int | None = None
    name: str = ""
    since: datetime | None = None


def _waiting_claim(
    update_id: int,
    assignment_id: int,
    due_on: date,
    first_claimed_at: datetime | None,
    claimed_at: datetime,
    evidence_count: int,
    body: str,
    slug: str,
    short_name: str,
    number: int,
    title: str,
    *,
    holder: _Reviewer,
    reviewer: _Reviewer,
    on: date,
) -> WaitingClaim:
    """The claim of one row of `_WAITING`."""
    claimed_on = rules.london_day(claimed_at)
    review_due_on = lateness.review_due_on(claimed_at=claimed_at)
    return WaitingClaim(
        update_id=update_id,
        assignment_id=assignment_id,
        claimed_at=claimed_at,
        body=body,
        body_slug=slug,
        short_name=short_name,
        number=number,
        title=title,
        claimed_on=claimed_on,
        claimed=wording.short_day(claimed_on, today=on),
        review_due_on=review_due_on,
        review_due=wording.short_day(review_due_on, today=on),
        evidence_count=evidence_count,
        held_by=holder.name,
        held_by_id=holder.pk,
        held_at=holder.since,
        reviewer=reviewer.name,
        reviewer_id=reviewer.pk,
        is_review_late=lateness.is_late_review(claimed_at=claimed_at, on=on),
        review_days_late=lateness.review_days_late(claimed_at=claimed_at, on=on),
        is_late=lateness.is_late_claim(claimed_at=claimed_at, due_on=due_on),
        days_late=lateness.claim_days_late(
            claimed_at=claimed_at,
            first_claimed_at=first_claimed_at or claimed_at,
            due_on=due_on,
        ),
    )
