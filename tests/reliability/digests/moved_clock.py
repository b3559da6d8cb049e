"""The service's Celery app at the time of a clock file, for the workers and beats of the test.

The schedule sends the digests twice a second.
"""

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import time_machine
from celery.signals import task_postrun, task_prerun

from countylines.celery import app

CLOCK = Path(os.environ["TORTURE_CLOCK"])
app.conf.beat_schedule = {
    "tick": {
        "task": "recommendations.tasks.send_digests",
        "schedule": 0.5,
        "options": {"expires": 5},
    }
}
_travels: list[Any] = []


def now() -> datetime:
    """Return the real time, moved by the offset in the clock file."""
    real, shown = map(float, CLOCK.read_text().split())
    return datetime.fromtimestamp(shown + time.time() - real, tz=UTC)


@task_prerun.connect
def start_travel(**_: object) -> None:
    travel = time_machine.travel(now(), tick=True)
    travel.start()
    _travels.append(travel)


@task_postrun.connect
def stop_travel(**_: object) -> None:
    while _travels:
        _travels.pop().stop()
