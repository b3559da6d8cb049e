"""Records Celery task runs: started, succeeded, failed, parked, lost."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from recommendations.models import JobRun

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 5  # at a message whose worker dies
RUN_RETENTION = timedelta(days=14)
FAILED_RUN_RETENTION = timedelta(days=60)
MAX_TEXT_LENGTH = 500  # characters of a result or an error
State = JobRun.State


@transaction.atomic
def record_start(
    *, task_id: str, job: str, arguments: list[Any], worker: str, at: datetime
) -> bool:
    """Record an attempt; return False if there were too many and the run is parked."""
    run, _ = JobRun.objects.select_for_update().get_or_create(
        task_id=task_id,
        defaults={"job": job, "arguments": arguments, "started_at": at},
    )
    run.tries += 1
    run.worker, run.started_at = worker, at
    is_parked = run.tries > MAX_ATTEMPTS
    run.state = State.PARKED if is_parked else State.RUNNING
    run.ended_at = at if is_parked else None
    if is_parked:
        run.error = f"Stopped after {MAX_ATTEMPTS} attempts, because the worker died each time."
        log.error("The message %s (%s) was parked, because workers die of it.", task_id, job)
    run.save()
    return not is_parked


def record_success(*, task_id: str, result: str, at: datetime) -> None:
    """Record a success and its result."""
    _update(task_id, state=State.DONE, result=result[:MAX_TEXT_LENGTH], error="", ended_at=at)


def record_failure(*, task_id: str, error: BaseException, at: datetime) -> None:
    """Record a failure by the first line of its error: further lines may quote rows."""
    first_line = next(iter(str(error).splitlines()), "")
    text = f"{type(error).__name__}: {first_line}"[:MAX_TEXT_LENGTH]
    _update(task_id, state=State.FAILED, error=text, ended_at=at)


def _update(task_id: str, **fields: Any) -> None:
    JobRun.objects.filter(task_id=task_id).update(**fields)


def mark_lost_runs(*, at: datetime) -> int:
    """Mark runs that can no longer be running as lost; return how many."""
    redelivery = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    max_age = timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT + redelivery)
    running = JobRun.objects.filter(state=State.RUNNING, started_at__lt=at - max_age)
    return running.update(state=State.LOST, ended_at=at, error="The worker stopped responding.")


def latest_successes() -> QuerySet[JobRun]:
    """The latest success of each job, which is never deleted: it shows that a job is late."""
    done = JobRun.objects.filter(state=State.DONE).order_by("job", "-started_at")
    return done.distinct("job")
