"""A worker that is killed while it makes a file: the file is made all the same."""

import time
from datetime import timedelta

from django.utils import timezone

from recommendations.actions.request_download import ask_for_download
from recommendations.exports import background
from recommendations.models import Download
from recommendations.tasks import queue_download
from tests.reliability.worker.conftest import StartWorker, kill, wait_until
from tests.world import make_world


def test_a_killed_worker_loses_no_file(start_worker: StartWorker):
    world = make_world()
    since = (world.now - timedelta(days=30)).date().isoformat()
    asked = ask_for_download(
        kind="briefing",
        file_type="pdf",
        parameters={"since": since},
        by=world.analyst,
        at=timezone.now(),
    )
    worker = start_worker()
    queue_download(asked.pk)
    time.sleep(0.3)  # it reads, draws or sets
    kill(worker)
    later = timezone.now() + timedelta(minutes=5)
    wait_until(lambda: background.resume(at=later) == 0, seconds=60)
    asked.refresh_from_db()
    assert asked.state == Download.State.READY
    assert bytes(asked.content).startswith(b"%PDF-")


def test_a_worker_makes_what_was_queued(start_worker: StartWorker):
    world = make_world()
    asked = ask_for_download(
        kind="updates", file_type="xlsx", parameters={}, by=world.analyst, at=timezone.now()
    )
    start_worker()
    queue_download(asked.pk)

    def is_ready() -> bool:
        asked.refresh_from_db()
        return asked.state == Download.State.READY

    wait_until(is_ready, seconds=60)
    assert asked.done == asked.total
