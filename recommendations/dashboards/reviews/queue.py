"""The queue of claims that wait for review, its filters and order, and which claim comes next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import urlencode

from django.urls import reverse

from forces.models import User
from forces.rows import tuples
from recommendations import lateness, rules, wording
from recommendations.dashboards.sorting import parse_sort, sort_rows
from recommendations.models import Inspection, ReviewHold, Update
from recommendations.models.review import HOLD_DURATION
from recommendations.references import reference_key
from recommendations.rules import Status

# Of an assignment: its claim, who is reviewing it, and who is to review it.
REVIEWER_RELATIONS = ("latest_update__hold__held_by", "latest_update__assignee__reviewer")


class Reviewer(NamedTuple):
    """Who is reviewing a claim, or to whom its review is assigned; empty for nobody.

    Somebody who is away has the last day of that, and who was named as the stand-in.
    """

    pk: int | None = None
    name: str = ""
    since: datetime | None = None
    away_until: date | None = None
    stand_in_id: int | None = None
    stand_in: str | None = None


# Whether it is a hold, the update, and the fields of the Reviewer.
ClaimReviewer: TypeAlias = tuple[bool, int, int, str, datetime, date | None, int | None, str | None]


class WaitingClaim(NamedTuple):
    """A claim in the queue on the London day `on`. The first fields are the columns of `_WAITING`.

    What only the rows of one page show is worked out when they are shown.
    """

    update_id: int
    due_on: date
    claimed_at: datetime
    evidence_count: int
    body_slug: str
    short_name: str  # of the body
    reference: str  # of the recommendation
    title: str  # of the recommendation
    holder: Reviewer
    assignee: Reviewer
    on: date

    @property
    def claimed(self) -> str:
        """`3 Mar`."""
        return wording.short_day(rules.london_day(self.claimed_at), today=self.on)

    @property
    def review_due(self) -> str:
        due_on = lateness.review_due_on(claimed_at=self.claimed_at)
        return wording.short_day(due_on, today=self.on)

    @property
    def is_review_late(self) -> bool:
        return lateness.is_late_review(claimed_at=self.claimed_at, on=self.on)

    @property
    def review_days_late(self) -> int:
        """Working days."""
        return lateness.review_days_late(claimed_at=self.claimed_at, on=self.on)

    @property
    def is_late(self) -> bool:
        """Whether it was submitted after the due date."""
        return lateness.is_late_claim(claimed_at=self.claimed_at, due_on=self.due_on)

    @property
    def note(self) -> str:
        """Who reviews it, or that it is late."""
        if self.holder.name or not self.assignee.name:
            return self.holder.name or ("late claim" if self.is_late else "")
        return f"{'Away: ' if self.assignee.away_until else ''}{self.assignee.name}"

    @property
    def assignee_away(self) -> str:
        """`away until 4 Dec`; empty if the assignee is not away."""
        until = self.assignee.away_until
        return f"away until {wording.short_day(until, today=self.on)}" if until else ""

    @property
    def review_url(self) -> str:
        return _review_url(self.update_id)


# Of a claim, what each value of the parameter `sort` orders by. Claims that are equal stay in the
# order of the queue, the oldest first.
SORTS: Mapping[str, Callable[[WaitingClaim], Any]] = MappingProxyType(
    {
        "organisation": lambda claim: claim.short_name,
        "number": lambda claim: reference_key(claim.reference),
        "claimed": lambda claim: claim.claimed_at,
        "late": lambda claim: -claim.claimed_at.timestamp(),
        "files": lambda claim: claim.evidence_count,
    }
)
OLDEST_FIRST = "-late"
AWAY = "away"  # the value of the parameter `mine` for claims assigned to somebody who is away


@dataclass(frozen=True, kw_only=True)
class ReviewsQuery:
    """The filters and the order of the queue."""

    force: str = ""  # slug of a force or other organisation
    recommendation: str = ""  # reference
    is_late: bool = False
    is_mine: bool = False  # or of somebody for whom the reader stands in
    is_away: bool = False  # assigned to somebody who is away
    sort: str = OLDEST_FIRST

    @property
    def address(self) -> str:
        """The query part of an address, with its question mark."""
        values = {
            "force": self.force,
            "recommendation": self.recommendation,
            "late": "1" if self.is_late else "",
            "mine": "1" if self.is_mine else AWAY if self.is_away else "",
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
            and self.recommendation in {"", claim.reference}
            and (not self.is_late or claim.is_review_late)
            and (not self.is_mine or reader.pk in _people_of(claim))
            and (not self.is_away or claim.assignee.away_until is not None)
        )

    def within(self, claims: list[WaitingClaim]) -> "ReviewsQuery":
        """Return the query without a force or recommendation that none of the claims has."""
        has_force = any(claim.body_slug == self.force for claim in claims)
        has_number = any(claim.reference == self.recommendation for claim in claims)
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
        is_away=values.get("mine") == AWAY,
        sort=parse_sort(values.get("sort", ""), SORTS, default=OLDEST_FIRST),
    )


def _people_of(claim: WaitingClaim) -> set[int | None]:
    """Return who has to do with the claim; a stand-in who is no analyst sees no queue."""
    return {claim.assignee.pk, claim.assignee.stand_in_id, claim.holder.pk}


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
            and claim.holder.pk in {None, self.reader.pk}
        )
        return next(following, reverse("reviews")) + query.address


def read_queue(
    inspection: Inspection | None,
    *,
    values: Mapping[str, str],
    reader: User,
    at: datetime,
    reviewers: list[ClaimReviewer] | None = None,
) -> Queue:
    """Return the queue with the filters and the order in GET parameters; 2 queries.

    One query less with `reviewers`, which are those of `reviewers_of_claims`.
    """
    found = reviewers_of_claims(at=at) if reviewers is None else reviewers
    waiting = waiting_claims(inspection, found, at=at)
    query = parse_reviews_query(values).within(waiting)
    return Queue(reader=reader, query=query, waiting=query.in_order(waiting))


def reviewers_of_claims(*, at: datetime) -> list[ClaimReviewer]:
    """Return who is reviewing a claim, and to whom a review is assigned; 1 query."""
    return sorted(tuples(_REVIEWERS, at - HOLD_DURATION, rules.london_day(at)))


def waiting_claims(
    inspection: Inspection | None, found: list[ClaimReviewer], *, at: datetime
) -> list[WaitingClaim]:
    """The whole queue, oldest first; 1 query."""
    if inspection is None:
        return []
    reviewers: dict[tuple[bool, int], Reviewer] = {
        (is_hold, update_id): Reviewer._make(fields) for is_hold, update_id, *fields in found
    }
    on, nobody = rules.london_day(at), Reviewer()
    return [
        WaitingClaim._make(
            (
                *row,
                reviewers.get((True, row[0]), nobody),
                reviewers.get((False, row[0]), nobody),
                on,
            )
        )
        for row in tuples(_WAITING, Status.EVIDENCE_SUBMITTED, inspection.pk)
    ]


def holder_of(claim: Update, *, at: datetime) -> User | None:
    """The analyst who is reviewing a claim; it is selected with REVIEWER_RELATIONS."""
    hold: ReviewHold | None = getattr(claim, "hold", None)
    return hold.held_by if hold and hold.is_active_at(at=at) else None


# A join with the updates would read all of them.
_WAITING = """
    SELECT a.latest_update_id, a.due_on, a.heard_at,
           (SELECT u.evidence_count FROM recommendations_update u WHERE u.id = a.latest_update_id),
           b.slug, b.short_name, m.reference, m.title
    FROM recommendations_assignment a
    JOIN recommendations_recommendation m ON m.id = a.recommendation_id
    JOIN forces_body b ON b.id = a.body_id
    WHERE a.status = %s AND a.latest_update_id IS NOT NULL AND m.inspection_id = %s
    ORDER BY a.heard_at, a.id
"""
# Who is reviewing a claim, and to whom a review is assigned; who of them is away.
_REVIEWERS = """
    SELECT true, h.update_id, u.id, u.name, h.held_at, NULL::date, NULL::bigint, NULL
    FROM recommendations_reviewhold h JOIN forces_user u ON u.id = h.held_by_id
    WHERE h.held_at > %s
    UNION ALL
    SELECT false, s.update_id, u.id, u.name, s.assigned_at, a.until_on, n.id, n.name
    FROM recommendations_reviewassignee s JOIN forces_user u ON u.id = s.reviewer_id
    LEFT JOIN recommendations_absence a
        ON a.person_id = u.id AND %s BETWEEN a.from_on AND a.until_on
    LEFT JOIN forces_user n ON n.id = a.stand_in_id AND a.declined_at IS NULL AND n.is_active
"""
