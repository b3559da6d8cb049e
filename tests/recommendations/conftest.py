"""Fixtures of emails and evidence: servers that receive emails, a week of digests, a folder."""

import os
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from countylines.environment import Notify
from recommendations.emails.digests.ledger import create_digests
from recommendations.emails.digests.week import Week
from recommendations.rules import london_day
from tests.recommendations.emails.transports.notify_server import (
    API_KEY,
    NotifyServer,
    notify_server,
)
from tests.smtp_server import SmtpServer, smtp_server
from tests.world import World

DISK_BYTES = 8 * 1024


@pytest.fixture
def smtp(settings) -> Iterator[SmtpServer]:
    """A real SMTP server, instead of Django's outbox for tests."""
    with smtp_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


@pytest.fixture
def queued(world: World) -> World:
    """The world, with this week's digests waiting in the outbox."""
    create_digests(week=Week.of(london_day(timezone.now())), at=world.now)
    return world


@pytest.fixture
def notify(settings) -> Iterator[NotifyServer]:
    """A local server in the place of GOV.UK Notify, by which all emails are sent."""
    with notify_server() as server:
        settings.NOTIFY = Notify(api_key=API_KEY, template_id="t", base_url=server.url)
        settings.EMAIL_TRANSPORT = "recommendations.emails.transports.notify.NotifyTransport"
        yield server


@pytest.fixture
def evidence_folder(settings, tmp_path) -> Path:
    """An empty folder, in which evidence is stored."""
    options = {"location": str(tmp_path / "evidence"), "file_permissions_mode": 0o600}
    evidence = settings.STORAGES["evidence"] | {"OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"evidence": evidence}
    return tmp_path / "evidence"


@pytest.fixture
def full_disk(tmp_path) -> Iterator[Path]:
    """A folder with room for a few kilobytes: a small disk, or without permission a limit."""
    folder = tmp_path / "full"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    if os.getuid() == 0 and subprocess.run(mount, capture_output=True).returncode == 0:
        yield folder
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        return
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (DISK_BYTES, limits[1]))
    yield folder
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
