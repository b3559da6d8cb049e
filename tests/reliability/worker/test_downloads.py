"""Files for download are created even if a worker is killed."""

from datetime import timedelta

from django.utils import timezone

from recommendations.actions.request_download import request_download
from recommendations.exports import background
from recommendations.models import Download
from recommendations.tasks import create_download, queue
from tests.reliability.worker.conftest import StartWorker, kill, wait_until
from tests.world import World


def test_a_file_is_created_after_its_worker_was_killed(start_worker: StartWorker, world: World):
    since = (world.now - timedelta(days=30)).date().isoformat()
    download = request_download(
        kind="briefing",
        file_type="pdf",
        parameters={"since": since},
        by=world.analyst,
        at=timezone.now(),
    )
    worker = start_worker()
    queue(create_download, download.pk)
    wait_until(lambda: Download.objects.exclude(state=Download.State.WAITING).exists())
    kill(worker)
    later = timezone.now() + timedelta(minutes=5)
    wait_until(lambda: background.resume(at=later) == 0, seconds=60)
    download.refresh_from_db()
    assert download.state == Download.State.READY
    assert bytes(download.content).startswith(b"%PDF-")


def test_a_worker_creates_a_queued_file(start_worker: StartWorker, world: World):
    download = request_download(
        kind="updates", file_type="xlsx", parameters={}, by=world.analyst, at=timezone.now()
    )
    start_worker()
    queue(create_download, download.pk)

    def is_ready() -> bool:
        download.refresh_from_db()
        return download.state == Download.State.READY

    wait_until(is_ready, seconds=60)
    assert download.done == download.total
