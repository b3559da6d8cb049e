"""The Celery app. What runs when stands in `countylines.schedule`; how, in the settings (CELERY_*)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "countylines.settings")

app = Celery("countylines")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
