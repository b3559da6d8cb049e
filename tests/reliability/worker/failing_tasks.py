"""More tasks for the service's worker: they succeed, fail, use memory and kill their worker."""

import os
import signal

import django
from celery import shared_task
from django.apps import apps

if not apps.ready:
    django.setup()

from recommendations.job_log.recorded_task import RecordedTask

__all__ = ["fail", "fail_with", "kill_worker", "succeed", "use_memory"]


@shared_task(base=RecordedTask)
def succeed(result: str) -> str:
    return result


@shared_task(base=RecordedTask)
def use_memory(size: int) -> str:
    """Return the id of the process, which has used this number of bytes."""
    used = bytearray(b"x") * size
    return f"{os.getpid()} used {len(used)}"


@shared_task(base=RecordedTask)
def fail() -> str:
    raise ValueError("It was not found.")


@shared_task(base=RecordedTask)
def fail_with(text: str, token: str) -> str:
    raise ValueError(f"{text} was not found.")


@shared_task(base=RecordedTask)
def kill_worker(number: int) -> str:
    os.kill(os.getpid(), signal.SIGKILL)
    return f"never {number}"
