"""Celery tasks: doors to functions that a shell and a test can call (design, section 8).

Everything a task needs is in PostgreSQL. Redis may be emptied at any time: beat asks again, and
pages compute what no task has rendered. A task returns what it did, in a sentence.
"""

import logging
from functools import partial
from typing import Any

from celery import Task as CeleryTask
from celery import current_app, shared_task
from django.core.cache import caches
from django.utils import timezone

from forces.accounts import emails
from recommendations import jobs
from recommendations.dashboards import snapshots
from recommendations.exports import background
from recommendations.imports import batches
from recommendations.job_log.recorded_task import RecordedTask
from recommendations.models import Inspection
from recommendations.rules import london_day

log = logging.getLogger(__name__)

BURST = 1  # seconds in which changes are merged into one rendering
QUEUED = "render-dashboards-queued"

task = partial(shared_task, base=RecordedTask)


@task
def flag_overdue() -> str:
    return jobs.flag_overdue(on=london_day(timezone.now()))


@task
def send_digests() -> str:
    """Make what is due, and send what waits."""
    made = jobs.make_due_digests(at=timezone.now())
    return f"{made} {jobs.send_mail(go_on=queue_mail)}"


@task
def send_mail() -> str:
    """Part of what waits; another task goes on with the rest, so that none is long."""
    return jobs.send_mail(go_on=queue_mail)


@task
def tell_at_once() -> str:
    return jobs.tell_at_once(at=timezone.now(), go_on=queue_mail)


@task
def send_account_mail() -> str:
    return emails.send_waiting(at=timezone.now())


@task
def ask_about_mail() -> str:
    return jobs.ask_about_mail(at=timezone.now())


@task
def find_lost_runs() -> str:
    return jobs.find_lost_runs(at=timezone.now())


@task
def keep_house() -> str:
    return jobs.keep_house(at=timezone.now())


@task
def render_dashboards() -> str:
    """Render the current inspection. A change from now on queues another rendering."""
    _forget_queued()
    inspection = Inspection.objects.current()
    if inspection is None:
        return "There is no inspection to render."
    return str(snapshots.render_dashboards(inspection=inspection, at=timezone.now()))


@task
def work_on_import(batch_id: int) -> str:
    """Check a batch, or write it and check it again where something had changed."""
    batches.write(batch_id, at=timezone.now())
    batches.check(batch_id, at=timezone.now())
    return f"Import {batch_id} worked on."


@task
def resume_imports() -> str:
    """What a killed worker or an emptied queue left lying."""
    return f"Imports taken up again: {batches.resume(at=timezone.now())}."


@task
def make_download(download_id: int) -> str:
    background.make(download_id, at=timezone.now())
    return f"Download {download_id} worked on."


@task
def resume_downloads() -> str:
    """What a killed worker or an emptied queue left lying."""
    return f"Downloads taken up again: {background.resume(at=timezone.now())}."


def start(name: str, *arguments: Any) -> bool:
    """Queue a task by its whole name, once. False where Redis does not answer.

    Raises LookupError where no task has the name.
    """
    return _queue(current_app.tasks[name], arguments, or_else="the schedule asks again")


def queue_mail() -> None:
    _queue(send_mail, or_else="the next tick sends it")


def queue_account_mail(**_: Any) -> None:
    _queue(send_account_mail, or_else="the next tick sends it")


def queue_download(download_id: int) -> None:
    _queue(make_download, (download_id,), or_else="the sweep takes it up")


def queue_import(batch_id: int) -> None:
    _queue(work_on_import, (batch_id,), or_else="the sweep takes it up")


def queue_rendering(**_: Any) -> None:
    """After a change: one rendering for a burst of them. A page never waits for Redis."""
    from redis.exceptions import RedisError

    try:
        is_first = caches["redis"].add(QUEUED, True, timeout=60)
    except (RedisError, OSError) as error:
        log.warning("No rendering was queued, so pages compute it: %s", type(error).__name__)
        return
    if is_first:
        _queue(render_dashboards, or_else="pages compute it", countdown=BURST)


def _queue(
    one: "CeleryTask[Any, Any]",
    arguments: tuple[Any, ...] = (),
    *,
    or_else: str,
    countdown: int = 0,
) -> bool:
    from redis.exceptions import RedisError

    try:
        one.apply_async(args=arguments, countdown=countdown)
    except (RedisError, OSError, one.OperationalError) as error:
        log.warning("%s was not queued; %s: %s", one.name, or_else, type(error).__name__)
        return False
    return True


def _forget_queued() -> None:
    from redis.exceptions import RedisError

    try:
        caches["redis"].delete(QUEUED)
    except (RedisError, OSError):
        log.warning("Redis does not answer; the next rendering may wait for a minute.")
