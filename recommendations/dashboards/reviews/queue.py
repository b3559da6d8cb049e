"""The queue of claims that wait for review, its filters and order, and which claim comes next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from forces.models import User
from recommendations.dashboards.reviews.waiting_claims import (
    ClaimReviewer,
    WaitingClaim,
    reviewers_of_claims,
    waiting_claims,
)
from recommendations.dashboards.sorting import parse_sort, sort_rows
from recommendations.models import Inspection
from recommendations.references import reference_key

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
