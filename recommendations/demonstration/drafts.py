"""A few updates that somebody has begun and not yet sent."""

from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from recommendations.demonstration.phrases import themed
from recommendations.demonstration.rows import Told
from recommendations.models import Draft
from recommendations.models.answers import ReportedStatus
from recommendations.rules import LONDON, OPEN

_DRAFTS = 4


def draft_rows(told: list[Told], *, as_of: date, rng: Random) -> list[Draft]:
    """Unsaved drafts of the day before, for open assignments that have said something before."""
    open_ones = [
        one
        for one in told
        if one.stands()[-1].status in OPEN
        and len(one.events) > 1
        and any(officer.is_active for officer in one.plan.officers)
        and one.events[-1].at.date() < as_of - timedelta(days=1)
    ]
    chosen = rng.sample(open_ones, min(_DRAFTS, len(open_ones)))
    at = datetime.combine(as_of - timedelta(days=1), time(16, 40), tzinfo=LONDON)
    return [
        Draft(
            assignment=one.assignment,
            token=UUID(int=rng.getrandbits(128), version=4),
            version=2,
            started_at=at,
            saved_at=at + timedelta(minutes=rng.randint(2, 50)),
            saved_by=rng.choice(one.plan.officers),
            status=ReportedStatus.IN_PROGRESS,
            account=themed(rng, one.plan.theme, "under_way"),
        )
        for one in chosen
    ]
