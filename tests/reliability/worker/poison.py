"""The service's Celery app with two tasks that nobody would want: one fails, one kills."""

import os
import signal

import django
from celery import shared_task
from django.apps import apps

from countylines.celery import app

if not apps.ready:
    django.setup()

from recommendations.job_log.recorded_task import RecordedTask

__all__ = ["app", "fails", "fails_saying", "kills_its_worker", "says"]


@shared_task(base=RecordedTask)
def says(words: str) -> str:
    return words


@shared_task(base=RecordedTask)
def fails() -> str:
    raise ValueError("There is no such thing.")


@shared_task(base=RecordedTask)
def fails_saying(words: str, token: str) -> str:
    raise ValueError(f"There is no {words}.")


@shared_task(base=RecordedTask)
def kills_its_worker(number: int) -> str:
    os.kill(os.getpid(), signal.SIGKILL)
    return f"never {number}"
