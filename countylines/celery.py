"""The Celery app. `countylines.schedule` has the schedule; the settings have CELERY_*."""

import gc
import os
from datetime import UTC, datetime
from logging.config import dictConfig
from typing import Any

from celery import Celery
from celery.signals import (
    heartbeat_sent,
    setup_logging,
    task_postrun,
    task_prerun,
    worker_init,
    worker_ready,
)
from celery.utils.log import get_multiprocessing_logger
from django.conf import settings

from forces.tracing import request_id

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "countylines.settings")

app = Celery("countylines")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def configure_logging(**_: object) -> None:
    """Replace Celery's own handlers, which would write secrets that ours hide."""
    dictConfig(settings.LOGGING)
    if pool := get_multiprocessing_logger():
        pool.propagate = True
        pool.setLevel("WARNING")


@worker_init.connect
def load_before_forking(**_: object) -> None:
    """Load what most tasks use before the pool forks, so that its processes share the memory."""
    import redis.client  # noqa: F401
    from django.urls import reverse

    from recommendations.working_days import is_working_day

    reverse("overview")  # imports all views
    is_working_day(datetime.now(UTC).date())  # imports the bank holidays
    gc.freeze()


@task_prerun.connect
def set_task_id(task_id: str, **_: Any) -> None:
    """Give the log lines and audit events of a task its id."""
    request_id.set(task_id.replace("-", "")[:16])


@task_postrun.connect
def clear_task_id(**_: Any) -> None:
    request_id.set("")


@worker_ready.connect
def render_dashboards_after_release(**_: object) -> None:
    """Render the dashboards again, because the templates may have changed."""
    app.send_task("recommendations.tasks.render_dashboards")


@heartbeat_sent.connect
def record_heartbeat(sender: Any, **_: object) -> None:
    """Record each of Celery's heartbeats, which come every two seconds."""
    from recommendations.job_log.broker import record_heartbeat

    record_heartbeat(str(sender.eventer.hostname), at=datetime.now(UTC))
