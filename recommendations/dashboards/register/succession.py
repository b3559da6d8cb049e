"""What was carried forward from one recommendation to another."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from recommendations import wording
from recommendations.inspections import working_on
from recommendations.models import Ending, Recommendation
from recommendations.page_urls import page_url
from recommendations.positions.past_time import AsAt


@dataclass(frozen=True, kw_only=True)
class CarriedForward:
    """Another recommendation, and for how many organisations it is on the other end."""

    text: str  # "7. Training", of another inspection with its title
    href: str
    count: str  # "3 organisations"


def carried_forward(
    recommendation: Recommendation, *, past: AsAt | None
) -> tuple[list[CarriedForward], list[CarriedForward]]:
    """Return what supersedes the recommendation, and what it supersedes; 1 query."""
    before: datetime | None = past.before if past else None
    own = Q(withdrawal__assignment__recommendation=recommendation)
    rows = Ending.objects.current(before=before).filter(own | Q(superseded_by=recommendation))
    links = [
        (ending.withdrawal.assignment.recommendation, ending.superseded_by)
        for ending in rows.exclude(superseded_by=None).select_related(
            "superseded_by__inspection", "withdrawal__assignment__recommendation__inspection"
        )
    ]
    to = (later for earlier, later in links if later and earlier == recommendation)
    since = (earlier for earlier, later in links if later == recommendation)
    return _counted(to, recommendation, past), _counted(since, recommendation, past)


def _address_elsewhere(recommendation: Recommendation, past: AsAt | None) -> str:
    with working_on(recommendation.inspection):
        return page_url("recommendation", recommendation.reference, past=past)


def _counted(
    others: Iterable[Recommendation], recommendation: Recommendation, past: AsAt | None
) -> list[CarriedForward]:
    counts = Counter(others)
    return [
        CarriedForward(
            text=str(other) if is_own else f"{other.inspection}: {other}",
            href=page_url("recommendation", other.reference, past=past)
            if is_own
            else _address_elsewhere(other, past),
            count=wording.count(counts[other], "organisation"),
        )
        for other in sorted(
            counts, key=lambda other: (other.inspection_id, other.number, other.part)
        )
        for is_own in [other.inspection_id == recommendation.inspection_id]
    ]
