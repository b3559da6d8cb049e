"""How the jobs do: for the administrator's page, and for Prometheus."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery.schedules import crontab
from django.conf import settings
from django.db.models import Count, QuerySet

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
    """Three queries, each of a row or two a job."""
    runs = JobRun.objects.all()
    last, done = _latest(runs), _latest(runs.filter(state=JobRun.State.DONE))
    first = runs.order_by("started_at").first()
    return [
        _job(title, entry, last.get(entry["task"]), done.get(entry["task"]), first=first, at=at)
        for title, entry in settings.CELERY_BEAT_SCHEDULE.items()
    ]


def _latest(runs: QuerySet[JobRun]) -> dict[str, JobRun]:
    """Of each job of the schedule, by an index however many there are."""
    jobs = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
    ones = [runs.filter(job=job).order_by("-started_at")[:1] for job in jobs]
    return {run.job: run for run in ones[0].union(*ones[1:], all=True)}


def _job(
    title: str,
    entry: dict[str, Any],
    last: JobRun | None,
    done: JobRun | None,
    *,
    first: JobRun | None,
    at: datetime,
) -> Job:
    """Late is what has not ended well since it should; counted, where it never has, from the first
    run that is known of any job.
    """
    due = entry["schedule"]
    anchor = done or first
    due_at = _after(due, anchor.started_at) if anchor else None
    return Job(
        key=entry["task"],
        title=title.capitalize(),
        when=settings.JOB_TIMES[title],
        last=last,
        last_success=done,
        next_at=_next(due, last, at=at),
        is_late=due_at is not None and due_at + GRACE < at,
    )


def _next(due: timedelta | crontab, last: JobRun | None, *, at: datetime) -> datetime:
    """An interval runs from the last start; one that is over by now is due at once."""
    if isinstance(due, timedelta):
        return max(_after(due, last.started_at), at) if last else at
    return _after(due, at)


def _after(due: timedelta | crontab, at: datetime) -> datetime:
    """When it is due next after this instant: after an interval, or by London's clock."""
    if isinstance(due, timedelta):
        return at + due
    start, delta, _ = due.remaining_delta(at.astimezone(LONDON))
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
