"""Celery tasks: doors to functions that a shell and a test can call (design, section 8).

Everything a task needs is in PostgreSQL. Redis may be emptied at any time: beat asks again, and
pages compute what no task has rendered.
"""

import logging
from typing import Any

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError

from recommendations import jobs
from recommendations.dashboards import snapshots
from recommendations.exports import making
from recommendations.imports import batches
from recommendations.models import Inspection
from recommendations.rules import london_day

log = logging.getLogger(__name__)

BURST = 1  # seconds in which changes are merged into one rendering
QUEUED = "render-dashboards-queued"


@shared_task
def flag_overdue() -> None:
    log.info(jobs.flag_overdue(on=london_day(timezone.now())))


@shared_task
def send_digests() -> None:
    log.info(jobs.send_due_digests(at=timezone.now()))


@shared_task
def send_mail() -> None:
    log.info(jobs.send_mail())


@shared_task
def tell_at_once() -> None:
    log.info(jobs.tell_at_once(at=timezone.now()))


@shared_task
def ask_about_mail() -> None:
    log.info(jobs.ask_about_mail(at=timezone.now()))


@shared_task
def keep_house() -> None:
    log.info(jobs.keep_house(at=timezone.now()))


@shared_task
def render_dashboards() -> None:
    """Render the current inspection. A change from now on queues another rendering."""
    _forget_queued()
    inspection = Inspection.objects.current()
    if inspection is not None:
        log.info(snapshots.render_dashboards(inspection=inspection, at=timezone.now()))


@shared_task
def work_on_import(batch_id: int) -> None:
    """Check a batch, or write it and check it again where something had changed."""
    batches.write(batch_id, at=timezone.now())
    batches.check(batch_id, at=timezone.now())


@shared_task
def resume_imports() -> None:
    """What a killed worker or an emptied queue left lying."""
    log.info("Imports taken up again: %s", batches.resume(at=timezone.now()))


@shared_task
def make_download(download_id: int) -> None:
    making.make(download_id, at=timezone.now())


@shared_task
def resume_downloads() -> None:
    """What a killed worker or an emptied queue left lying."""
    log.info("Downloads taken up again: %s", making.resume(at=timezone.now()))


def queue_mail() -> None:
    """The tick finds what waits where Redis does not answer."""
    try:
        send_mail.apply_async()
    except (RedisError, OSError, send_mail.OperationalError) as error:
        log.warning("No sending was queued; the next tick does it: %s", type(error).__name__)


def queue_download(download_id: int) -> None:
    """The sweep finds it where Redis does not answer."""
    try:
        make_download.apply_async(args=(download_id,))
    except (RedisError, OSError, make_download.OperationalError) as error:
        log.warning("No download was queued; the sweep takes it up: %s", type(error).__name__)


def queue_import(batch_id: int) -> None:
    """The sweep finds it where Redis does not answer."""
    try:
        work_on_import.apply_async(args=(batch_id,))
    except (RedisError, OSError, work_on_import.OperationalError) as error:
        log.warning("No import was queued; the sweep takes it up: %s", type(error).__name__)


def queue_rendering(**_: Any) -> None:
    """After a change: one rendering for a burst of them. A page never waits for Redis."""
    try:
        if cache.add(QUEUED, True, timeout=60):
            render_dashboards.apply_async(countdown=BURST)
    except (RedisError, OSError, render_dashboards.OperationalError) as error:
        log.warning("No rendering was queued, so pages compute it: %s", type(error).__name__)


def _forget_queued() -> None:
    try:
        cache.delete(QUEUED)
    except (RedisError, OSError):
        log.warning("Redis does not answer; the next rendering may wait for a minute.")
