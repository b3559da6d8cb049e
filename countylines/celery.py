"""The Celery app. What runs when: `countylines.schedule`; how: CELERY_* in the settings."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "countylines.settings")

app = Celery("countylines")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
