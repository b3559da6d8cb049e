"""Returned claims that are still the latest update of their assignment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from recommendations import rules
from recommendations.models import Review
from recommendations.models.review import ReturnCause
from recommendations.positions.positions import Position


@dataclass(frozen=True)
class ReturnedClaim:
    """When a claim was returned (a London day), and the causes in words, without "other"."""

    on: date
    causes: tuple[str, ...]


def returned_claims(
    positions: Iterable[Position], *, before: datetime | None = None
) -> dict[int, ReturnedClaim]:
    """Return the returned claims of these positions by the key of their assignment.

    Corrections at or after the instant `before` do not count. 2 queries, none without such claims.
    """
    latest = {
        position.latest_update_id: position.assignment_id
        for position in positions
        if position.is_returned and position.latest_update_id is not None
    }
    reviews = Review.objects.filter(update__in=latest)
    return {
        latest[review.update_id]: _returned_claim(review, before)
        for review in reviews.prefetch_related("corrections")
    }


def _returned_claim(review: Review, before: datetime | None) -> ReturnedClaim:
    corrected = [c.corrected_at for c in review.all_corrections]
    at = max([review.reviewed_at, *(at for at in corrected if before is None or at < before)])
    causes = [ReturnCause(cause) for cause in review.causes]
    return ReturnedClaim(
        rules.london_day(at),
        tuple(str(cause.label) for cause in causes if cause != ReturnCause.OTHER),
    )
