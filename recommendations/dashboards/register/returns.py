"""Returned claims that are still the latest update of an open assignment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from recommendations import rules
from recommendations.models import Review
from recommendations.positions.positions import Position


@dataclass(frozen=True)
class ReturnedClaim:
    """When a claim was returned (a London day), and the causes in words."""

    on: date
    causes: tuple[str, ...]


def returned_claims(
    positions: Iterable[Position], *, before: datetime | None = None
) -> dict[int, ReturnedClaim]:
    """Return the returned claims of these positions by the key of their assignment; 2 queries.

    Decisions at or after the instant `before` do not count.
    """
    latest = {
        p.latest_update_id: p.assignment_id
        for p in positions
        if p.latest_update_id is not None and p.status in rules.OPEN
    }
    reviews = Review.objects.filter(update__in=latest)
    if before is not None:
        reviews = reviews.filter(reviewed_at__lt=before)
    return {
        latest[review.update_id]: ReturnedClaim(
            rules.london_day(review.reviewed_at), tuple(review.causes_in_words)
        )
        for review in reviews.prefetch_related("corrections")
        if review.decision_at(before) == Review.Decision.RETURNED
    }
