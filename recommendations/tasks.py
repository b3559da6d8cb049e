"""Celery tasks: a few lines each over functions that a shell and a test can call.

Everything a task needs is in PostgreSQL. Redis may be emptied at any time: beat queues the task
again, and pages compute what no task has rendered. A task returns a sentence that says what it did.
"""

import logging
from functools import partial
from typing import Any

from celery import Task as CeleryTask
from celery import current_app, shared_task
from django.core.cache import caches
from django.utils import timezone

from forces.accounts import emails
from forces.outages import redis_errors
from recommendations import jobs
from recommendations.actions.end_body import apply_body_ends
from recommendations.actions.rename_body import begin_new_names
from recommendations.dashboards import snapshots
from recommendations.emails.bounces.reading import read_bounce_mailbox
from recommendations.exports import background
from recommendations.imports import batches
from recommendations.job_log import runs
from recommendations.job_log.recorded_task import RecordedTask
from recommendations.models import Inspection
from recommendations.rules import london_day

log = logging.getLogger(__name__)

RENDER_DELAY_SECONDS = 1  # in which changes are merged into one rendering
QUEUED_KEY = "render-dashboards-queued"
QUEUED_SECONDS = 60  # after which another rendering can be queued, whatever became of the first

task = partial(shared_task, base=RecordedTask)


@task
def flag_overdue() -> str:
    at = timezone.now()
    done = (jobs.flag_overdue(on=london_day(at)), begin_new_names(at=at), apply_body_ends(at=at))
    return " ".join(filter(None, done))


@task
def end_memberships() -> str:
    return jobs.end_memberships(at=timezone.now())


@task
def send_digests() -> str:
    created = jobs.create_due_digests(at=timezone.now())
    return f"{created} {jobs.send_outbox(queue_next=queue_outbox)}"


@task
def send_outbox() -> str:
    """Send part of the outbox; another task sends the rest, so that none runs for long."""
    return jobs.send_outbox(queue_next=queue_outbox)


@task
def send_alerts() -> str:
    return jobs.send_alerts(at=timezone.now(), queue_next=queue_outbox)


@task
def send_account_emails() -> str:
    return emails.send_queued(at=timezone.now())


@task
def fetch_delivery_reports() -> str:
    return jobs.mark_bounced_emails(at=timezone.now())


@task
def read_delivery_failures() -> str:
    return read_bounce_mailbox(at=timezone.now())


@task
def mark_lost_runs() -> str:
    return f"Unfinished jobs: {runs.mark_lost_runs(at=timezone.now())}."


@task
def housekeeping() -> str:
    return jobs.housekeeping(at=timezone.now())


@task
def render_dashboards() -> str:
    """Render every inspection. A change from now on queues another rendering."""
    try:
        caches["redis"].delete(QUEUED_KEY)
    except redis_errors():
        log.warning("Redis is not responding, so the next rendering may be a minute late.")
    return snapshots.render_all(at=timezone.now())


@task
def render_stale_dashboards() -> str:
    """Render if the snapshots are behind: the task that a change queued may have been lost."""
    on = london_day(timezone.now())
    inspections = Inspection.objects.in_order()
    if all(snapshots.are_current(inspection, on=on) for inspection in inspections):
        return "The dashboards are up to date."
    return str(render_dashboards())


@task
def process_import(batch_id: int) -> str:
    """Check a batch, or write it; a batch that was out of date is checked again."""
    batches.write(batch_id, at=timezone.now())
    batches.check(batch_id, at=timezone.now())
    return f"Import {batch_id} processed."


@task
def resume_imports() -> str:
    return f"Imports resumed: {batches.resume(at=timezone.now())}."


@task
def create_download(download_id: int) -> str:
    background.generate(download_id, at=timezone.now())
    return f"Download {download_id} processed."


@task
def resume_downloads() -> str:
    return f"Downloads resumed: {background.resume(at=timezone.now())}."


def queue_task(name: str, *arguments: Any) -> bool:
    """Queue a task by its full name, or raise LookupError. False if Redis does not respond."""
    return queue(current_app.tasks[name], *arguments)


def queue_outbox() -> None:
    queue(send_outbox)


def queue_account_emails(**_: Any) -> None:
    queue(send_account_emails)


def queue_rendering(**_: Any) -> None:
    """After a change: one rendering for several quick ones. A page never waits for Redis."""
    try:
        is_first = caches["redis"].add(QUEUED_KEY, True, timeout=QUEUED_SECONDS)
    except redis_errors() as error:
        log.warning("No rendering was queued, so pages compute it: %s", type(error).__name__)
        return
    if is_first:
        queue(render_dashboards, countdown=RENDER_DELAY_SECONDS)


def queue(queued: "CeleryTask[Any, Any]", *arguments: Any, countdown: int = 0) -> bool:
    """If Redis is down, a scheduled job does the work later."""
    try:
        queued.apply_async(args=arguments, countdown=countdown)
    except redis_errors(queued.OperationalError) as error:
        log.warning("%s was not queued: %s", queued.name, type(error).__name__)
        return False
    return True
