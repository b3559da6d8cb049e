"""The Celery app. What runs when: `countylines.schedule`; how: CELERY_* in the settings."""

import os

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "countylines.settings")

app = Celery("countylines")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def render_by_the_new_templates(**_: object) -> None:
    """A worker starts after each release: what an older one rendered may look differently now."""
    app.send_task("recommendations.tasks.render_dashboards")
