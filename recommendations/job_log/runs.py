"""What is kept of each run of a job: begun, ended, failed, parked, lost."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from recommendations.models import JobRun

log = logging.getLogger(__name__)

MOST_TRIES = 5  # so often a message is tried that its worker does not survive
KEPT = timedelta(days=14)
UNHAPPY_KEPT = timedelta(days=60)
LONGEST_WORDS = 500
State = JobRun.State


@transaction.atomic
def begin(*, task_id: str, job: str, arguments: list[Any], worker: str, at: datetime) -> bool:
    """Count one more try of the run. False where there were too many: it is parked."""
    run, _ = JobRun.objects.select_for_update().get_or_create(
        task_id=task_id,
        defaults={"job": job, "arguments": arguments, "started_at": at},
    )
    run.tries += 1
    run.worker, run.started_at = worker, at
    is_parked = run.tries > MOST_TRIES
    run.state = State.PARKED if is_parked else State.RUNNING
    run.ended_at = at if is_parked else None
    if is_parked:
        run.error = f"Each of {MOST_TRIES} workers that tried it ended without a word."
        log.error("The message %s (%s) is parked: workers die of it.", task_id, job)
    run.save()
    return not is_parked


def end(*, task_id: str, said: str, at: datetime) -> None:
    _end(task_id, state=State.DONE, said=said[:LONGEST_WORDS], error="", ended_at=at)


def fail(*, task_id: str, error: BaseException, at: datetime) -> None:
    first_line = next(iter(str(error).splitlines()), "")  # the next may quote a row
    words = f"{type(error).__name__}: {first_line}"[:LONGEST_WORDS]
    _end(task_id, state=State.FAILED, error=words, ended_at=at)


def _end(task_id: str, **fields: Any) -> None:
    JobRun.objects.filter(task_id=task_id).update(**fields)


def tell_lost(*, at: datetime) -> int:
    """Tell which runs never ended; how many."""
    transport = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    longest = timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT + transport)
    running = JobRun.objects.filter(state=State.RUNNING, started_at__lt=at - longest)
    return running.update(state=State.LOST, ended_at=at, error="Its worker was never heard again.")


def latest_done() -> QuerySet[JobRun]:
    """The latest success of each job, by which it is seen to be late: never forgotten."""
    done = JobRun.objects.filter(state=State.DONE).order_by("job", "-started_at")
    return done.distinct("job")
