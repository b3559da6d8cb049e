"""Beat queues the scheduled tasks without loading Django's apps."""

import json
import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from countylines.schedule import SCHEDULE
from recommendations.job_log import broker

ROOT = Path(__file__).resolve().parents[2]
QUEUE_ALL = """
from celery.beat import Scheduler
from countylines.beat import app

app.loader.init_worker()
app.finalize()
scheduler = Scheduler(app)
for entry in list(scheduler.schedule.values()):
    scheduler.apply_entry(entry)

from django.apps import apps
assert not apps.apps_ready
"""


def test_beat_queues_every_scheduled_task_without_loading_the_apps() -> None:
    environment = os.environ | {"REDIS_URL": settings.CELERY_BROKER_URL}
    subprocess.run([sys.executable, "-c", QUEUE_ALL], cwd=ROOT, env=environment, check=True)
    with broker._redis() as server:
        queued = {
            json.loads(message)["headers"]["task"]: queue
            for queue in broker.QUEUES
            for message in server.lrange(queue, 0, -1)
        }
        server.delete(*broker.QUEUES)
    routes = settings.CELERY_TASK_ROUTES
    assert queued == {
        entry["task"]: routes.get(entry["task"], {"queue": "jobs"})["queue"]
        for entry in SCHEDULE.values()
    }
