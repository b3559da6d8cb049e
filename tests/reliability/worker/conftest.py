"""Starts one worker for each test, on the test's own database, and ends it afterwards."""

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

from tests.smtp_server import MailServer, mail_server

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 30  # seconds


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.worker)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture
def smtp() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


StartWorker = Callable[..., subprocess.Popen]


@pytest.fixture
def start_worker(transactional_db, smtp: MailServer, tmp_path: Path) -> Iterator[StartWorker]:
    """`start_worker()` returns once the worker takes tasks; all are killed at the end.

    Of all queues, or of those named; with more in its environment where a test gives it.
    """
    started: list[subprocess.Popen] = []

    def start(*queues: str, app: str = "countylines", **more: str) -> subprocess.Popen:
        log = tmp_path / f"worker-{len(started)}.log"
        command = [sys.executable, "-m", "celery", "-A", app, "--quiet", "worker"]
        command += ["--loglevel", "INFO", "--concurrency", "1", "--without-mingle"]
        command += ["-Q", ",".join(queues)] if queues else []
        worker = subprocess.Popen(
            [*command, "--without-gossip", "--hostname", f"w{os.getpid()}-{len(started)}@%h"],
            cwd=ROOT,
            env=_environment(smtp) | more,
            stdout=log.open("wb"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        started.append(worker)
        wait_until(lambda: " ready." in log.read_text(), why=lambda: log.read_text()[-2000:])
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
    true: Callable[[], object], *, seconds: float = PATIENCE, why: Callable[[], str] = str
) -> None:
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            pytest.fail(f"It did not come about in {seconds:.0f} s. {why()}")
        time.sleep(0.05)


def _environment(smtp: MailServer) -> dict[str, str]:
    """What points a process at this test's database, broker and mail server."""
    host, name = connection.settings_dict["HOST"], connection.settings_dict["NAME"]
    user = connection.settings_dict["USER"]
    return os.environ | {
        "ENVIRONMENT": "test",
        "DATABASE_URL": f"postgres://{user}@/{name}?host={host}",
        "REDIS_URL": settings.CELERY_BROKER_URL,
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp.port}",
        "C_FORCE_ROOT": "1",
    }
