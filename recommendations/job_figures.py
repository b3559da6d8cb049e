"""How the jobs do: for the administrator's page, and for Prometheus."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery.schedules import crontab
from django.conf import settings
from django.db.models import Count

from recommendations.models import FlagEpisode, ImportBatch, JobRun, OutboxMail
from recommendations.rules import LONDON, Flag

GRACE = timedelta(minutes=15)  # so long after its time a job is late


@dataclass(frozen=True)
class Job:
    """One job of the schedule. `key` is its task; `when` is in words; `next_at` an instant."""

    key: str
    title: str
    when: str
    last: JobRun | None
    last_success: JobRun | None
    next_at: datetime
    is_late: bool

    @property
    def duration(self) -> timedelta | None:
        if self.last is None or self.last.ended_at is None:
            return None
        return self.last.ended_at - self.last.started_at


def scheduled(*, at: datetime) -> list[Job]:
    """Two queries."""
    runs = JobRun.objects.order_by("job", "-started_at").distinct("job")
    last = {run.job: run for run in runs}
    done = {run.job: run for run in runs.filter(state=JobRun.State.DONE)}
    return [
        _job(title, entry, last.get(entry["task"]), done.get(entry["task"]), at=at)
        for title, entry in settings.CELERY_BEAT_SCHEDULE.items()
    ]


def _job(
    title: str, entry: dict[str, Any], last: JobRun | None, done: JobRun | None, *, at: datetime
) -> Job:
    schedule = entry["schedule"]
    due_at = _after(schedule, done.started_at) if done else None
    return Job(
        key=entry["task"],
        title=title.capitalize(),
        when=settings.JOB_TIMES[title],
        last=last,
        last_success=done,
        next_at=_after(schedule, at),
        is_late=due_at is not None and due_at + GRACE < at,
    )


def _after(schedule: crontab, at: datetime) -> datetime:
    """When the schedule asks for it next after this instant, on London's clock."""
    start, delta, _ = schedule.remaining_delta(at.astimezone(LONDON))
    following: datetime = start + delta
    return following


def runs_by_state() -> dict[tuple[str, str], int]:
    """Of the runs kept, by job and state."""
    counted = JobRun.objects.values_list("job", "state").annotate(count=Count("pk"))
    return {(job, state): count for job, state, count in counted}


def parked() -> dict[str, int]:
    return {
        "runs": JobRun.objects.filter(state=JobRun.State.PARKED).count(),
        "imports": ImportBatch.objects.filter(state=ImportBatch.State.PARKED).count(),
        "mails": OutboxMail.objects.filter(state=OutboxMail.State.PARKED).count(),
    }


def flags_raised() -> dict[str, int]:
    """All episodes that ever began, by flag."""
    counted = FlagEpisode.objects.values_list("flag").annotate(count=Count("pk"))
    return dict.fromkeys(Flag.values, 0) | dict(Counter(dict(counted)))
