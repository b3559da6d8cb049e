"""The Celery app. What runs when: `countylines.schedule`; how: CELERY_* in the settings."""

import gc
import os
from datetime import UTC, datetime, timedelta
from logging.config import dictConfig
from typing import Any

from celery import Celery
from celery.signals import heartbeat_sent, setup_logging, worker_init, worker_ready
from celery.utils.log import get_multiprocessing_logger
from django.conf import settings
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "countylines.settings")

app = Celery("countylines")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

BETWEEN_HEARTBEATS = timedelta(seconds=10)
_kept_at = datetime.min.replace(tzinfo=UTC)


@setup_logging.connect
def log_as_the_service_does(**_: object) -> None:
    """In the place of Celery's own handlers, which would write what ours hide."""
    dictConfig(settings.LOGGING)
    if pool := get_multiprocessing_logger():
        pool.propagate = True
        pool.setLevel("WARNING")


@worker_init.connect
def load_before_forking(**_: object) -> None:
    """What every process of the pool needs is in the memory that they share."""
    reverse("overview")
    gc.freeze()


@worker_ready.connect
def render_by_the_new_templates(**_: object) -> None:
    """A worker starts after each release: what an older one rendered may look differently now."""
    app.send_task("recommendations.tasks.render_dashboards")


@heartbeat_sent.connect
def keep_heartbeat(sender: Any, **_: object) -> None:
    """Celery's heart beats every two seconds; every fifth beat is kept for the jobs page."""
    from recommendations.job_log.broker import note_heartbeat

    global _kept_at
    now = datetime.now(UTC)
    if now - _kept_at >= BETWEEN_HEARTBEATS:
        _kept_at = now
        note_heartbeat(str(sender.eventer.hostname), at=now)
