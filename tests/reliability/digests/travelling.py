"""The service's Celery app at another time: the clock file says how far its tasks travel.

Workers and beats of the torture run it; the schedule asks for the digests twice a second.
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
    """What the clock of the torture shows: real time, moved."""
    real, shown = map(float, CLOCK.read_text().split())
    return datetime.fromtimestamp(shown + time.time() - real, tz=UTC)


@task_prerun.connect
def depart(**_: object) -> None:
    travel = time_machine.travel(now(), tick=True)
    travel.start()
    _travels.append(travel)


@task_postrun.connect
def come_back(**_: object) -> None:
    while _travels:
        _travels.pop().stop()
