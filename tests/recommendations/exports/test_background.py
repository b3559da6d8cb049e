"""Large downloads are generated once, and given up after too many errors."""

import tempfile
from datetime import timedelta

import pytest

from forces.models import Role
from recommendations.exports import background
from recommendations.jobs import housekeeping
from recommendations.models import Download
from tests.recommendations.exports.downloads import finished_download, requested_download

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("evidence_folder")]
State = Download.State


def test_a_changed_role_makes_a_waiting_download_fail(world):
    download = requested_download(world)
    world.analyst.role, world.analyst.body = Role.LIAISON_OFFICER, world.forces["Kent"]
    world.analyst.save()
    background.generate(download.pk, at=world.now)
    download.refresh_from_db()
    assert (download.state, download.size) == (State.FAILED, 0)


def test_a_download_fails_after_too_many_errors(world, caplog):
    download = requested_download(world, "briefing", "pdf", since="no day")
    for _ in range(background.MAX_ATTEMPTS):
        background.generate(download.pk, at=world.now)
    download.refresh_from_db()
    assert download.state == State.FAILED
    assert "could not be created" in caplog.text


def test_a_download_waits_until_the_disk_has_space(world, full_disk, monkeypatch):
    download = requested_download(world, "months", "xlsx")
    monkeypatch.setattr(tempfile, "tempdir", str(full_disk))
    for _ in range(background.MAX_ATTEMPTS + 1):
        background.generate(download.pk, at=world.now)
    download.refresh_from_db()
    assert (download.state, download.tries) == (State.WAITING, 0)
    monkeypatch.undo()
    background.generate(download.pk, at=world.now)
    download.refresh_from_db()
    assert download.state == State.READY


def test_a_stalled_download_is_resumed_unless_it_had_too_many_attempts(world):
    stalled = requested_download(world, at=world.now - timedelta(minutes=10))
    exhausted = requested_download(world, "months", at=world.now - timedelta(minutes=10))
    Download.objects.filter(pk=exhausted.pk).update(
        state=State.WORKING, tries=background.MAX_ATTEMPTS
    )
    recent = requested_download(world, "months", "ods")
    assert background.resume(at=world.now) == 2
    states = dict(Download.objects.values_list("pk", "state"))
    assert states == {
        stalled.pk: State.READY,
        exhausted.pk: State.FAILED,
        recent.pk: State.WAITING,
    }


def test_a_finished_download_is_not_generated_again(world):
    download = finished_download(world)
    before = download.moved_at
    background.generate(download.pk, at=world.now)
    download.refresh_from_db()
    assert download.moved_at == before


def test_files_are_kept_for_seven_days(world):
    finished_download(world, at=world.now - timedelta(days=8))
    recent = finished_download(world)
    assert "Files created for you to download (1)" in housekeeping(at=world.now)
    assert list(Download.objects.values_list("pk", flat=True)) == [recent.pk]
