"""A few updates that have been started and not submitted."""

from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from recommendations.demonstration.phrases import themed
from recommendations.demonstration.rows import AssignmentHistory
from recommendations.models import Draft
from recommendations.models.answers import ReportedStatus
from recommendations.rules import LONDON, OPEN

_DRAFTS_COUNT = 4


def make_drafts(histories: list[AssignmentHistory], *, as_of: date, rng: Random) -> list[Draft]:
    """Return unsaved drafts of the day before, for open assignments with updates."""
    candidates = [
        history
        for history in histories
        if history.states[-1].status in OPEN
        and len(history.events) > 1
        and any(officer.is_active for officer in history.plan.officers)
        and history.events[-1].at.date() < as_of - timedelta(days=1)
    ]
    chosen = rng.sample(candidates, min(_DRAFTS_COUNT, len(candidates)))
    at = datetime.combine(as_of - timedelta(days=1), time(16, 40), tzinfo=LONDON)
    return [
        Draft(
            assignment=history.assignment,
            token=UUID(int=rng.getrandbits(128), version=4),
            version=2,
            started_at=at,
            saved_at=at + timedelta(minutes=rng.randint(2, 50)),
            saved_by=rng.choice(history.plan.officers),
            status=ReportedStatus.IN_PROGRESS,
            account=themed(rng, history.plan.theme, "under_way"),
        )
        for history in chosen
    ]
