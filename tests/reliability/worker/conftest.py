"""Starts Celery workers on the test's database, and kills them after the test."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from recommendations.job_log import broker
from tests.smtp_server import SmtpServer, smtp_server

ROOT = Path(__file__).resolve().parents[3]
TIMEOUT_SECONDS = 30


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.worker)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    with smtp_server() as server:
        yield server


StartWorker = Callable[..., subprocess.Popen]


@pytest.fixture
def start_worker(transactional_db, smtp: SmtpServer, tmp_path: Path) -> Iterator[StartWorker]:
    """`start_worker("emails")` returns once a worker of these queues is ready; none means all.

    Keywords are environment variables, except `module`, which has more tasks.
    """
    started: list[subprocess.Popen] = []

    def start(
        *queues: str, module: str = "countylines.worker", **environment: str
    ) -> subprocess.Popen:
        log = tmp_path / f"worker-{len(started)}.log"
        name = f"w{os.getpid()}-{len(started)}"
        code = f"import {module}; from countylines.worker import run_worker; "
        code += f"run_worker({name!r}, queues={list(queues or broker.QUEUES)!r}, processes=1)"
        worker = subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=_environment(smtp) | environment,
            stdout=log.open("wb"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        started.append(worker)
        wait_until(lambda: " ready." in log.read_text(), details=lambda: log.read_text()[-2000:])
        return worker

    yield start
    for worker in started:
        kill(worker)


def kill(worker: subprocess.Popen) -> None:
    """SIGKILL to the worker and the process that runs its task."""
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def wait_until(
    condition: Callable[[], object],
    *,
    seconds: float = TIMEOUT_SECONDS,
    details: Callable[[], str] = str,
) -> None:
    """Fail with `details()` if the condition is not true within so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"The condition was not true within {seconds:.0f} s. {details()}")
        time.sleep(0.05)


def _environment(smtp: SmtpServer) -> dict[str, str]:
    """Return the environment of a process on this test's database, broker and SMTP server."""
    host, name = connection.settings_dict["HOST"], connection.settings_dict["NAME"]
    user = connection.settings_dict["USER"]
    return os.environ | {
        "ENVIRONMENT": "test",
        "DATABASE_URL": f"postgres://{user}@/{name}?host={host}",
        "REDIS_URL": settings.CELERY_BROKER_URL,
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp.port}",
        "C_FORCE_ROOT": "1",
    }
