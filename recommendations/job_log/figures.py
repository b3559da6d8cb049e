"""Statistics of the jobs, for the administrator's page and for Prometheus."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from celery.schedules import crontab
from django.conf import settings
from django.db.models import Count, QuerySet

from recommendations.models import (
    FlagEpisode,
    ImportBatch,
    JobRun,
    OutboxEmail,
    StoppedDeletion,
)
from recommendations.rules import LONDON, Flag

GRACE = timedelta(minutes=15)  # after its due time, before a job is late


@dataclass(frozen=True)
class ScheduledJob:
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


def scheduled_jobs(*, at: datetime) -> list[ScheduledJob]:
    """Return the jobs of the schedule, with three queries.

    A job is late if it has not succeeded since it was due. Where it never has, its due time is
    counted from the first known run of any job.
    """
    runs = JobRun.objects.all()
    last_runs = _latest_by_job(runs)
    successes = _latest_by_job(runs.filter(state=JobRun.State.DONE))
    first = runs.order_by("started_at").first()
    jobs = []
    for title, entry in settings.CELERY_BEAT_SCHEDULE.items():
        key, schedule = entry["task"], entry["schedule"]
        anchor = successes.get(key) or first
        due_at = _due_after(schedule, anchor.started_at) if anchor else None
        job = ScheduledJob(
            key=key,
            title=title.capitalize(),
            when=settings.JOB_TIMES[title],
            last=last_runs.get(key),
            last_success=successes.get(key),
            next_at=_next_run(schedule, last_runs.get(key), at=at),
            is_late=due_at is not None and due_at + GRACE < at,
        )
        jobs.append(job)
    return jobs


def _latest_by_job(runs: QuerySet[JobRun]) -> dict[str, JobRun]:
    """Return the latest run of each job, each by an index lookup."""
    jobs = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
    first, *others = [runs.filter(job=job).order_by("-started_at")[:1] for job in jobs]
    return {run.job: run for run in first.union(*others, all=True)}


def _next_run(schedule: timedelta | crontab, last: JobRun | None, *, at: datetime) -> datetime:
    """An interval runs from the last start; if it has passed, the job is due now."""
    if isinstance(schedule, timedelta):
        return max(_due_after(schedule, last.started_at), at) if last else at
    return _due_after(schedule, at)


def _due_after(schedule: timedelta | crontab, at: datetime) -> datetime:
    """Return when a job is due next: after an interval, or by the clock in London."""
    if isinstance(schedule, timedelta):
        return at + schedule
    start, delta, _ = schedule.remaining_delta(at.astimezone(LONDON))
    due_at: datetime = start + delta
    return due_at


def runs_by_state() -> dict[tuple[str, str], int]:
    """Return how many stored runs there are of each job and state."""
    counts = JobRun.objects.values_list("job", "state").annotate(count=Count("pk"))
    return {(job, state): count for job, state, count in counts}


def parked_counts() -> dict[str, int]:
    return {
        "runs": JobRun.objects.filter(state=JobRun.State.PARKED).count(),
        "imports": ImportBatch.objects.filter(state=ImportBatch.State.PARKED).count(),
        "emails": OutboxEmail.objects.filter(state=OutboxEmail.State.PARKED).count(),
    }


def stopped_deletion_count() -> int:
    """Return how many items a stopped deletion would remove; 0 if none is stopped."""
    stop = StoppedDeletion.objects.first()
    return stop.count if stop else 0


def flags_raised() -> dict[str, int]:
    """Return how many episodes there have been of each flag."""
    counts = FlagEpisode.objects.values_list("flag").annotate(count=Count("pk"))
    return dict.fromkeys(Flag.values, 0) | dict(counts)
