"""The backup and restore drill: into a second PostgreSQL cluster that has none of our roles."""

import os
import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from forces.audit_check import check_trail
from forces.database_roles import grant_access
from forces.models import AuditEvent, User
from recommendations import jobs
from recommendations.emails.digests.week import Week
from recommendations.evidence import storage
from recommendations.models import Alert, Digest, DigestWeek, Evidence, OutboxEmail, Update
from tests.database import as_superuser
from tests.recommendations.test_audit import with_evidence
from tests.world import World, make_world
from tools.local.processes import Processes
from tools.local.servers import Servers, postgres_binaries, start_postgres

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
ROLE = "countylines_drill"
PASSWORD = "a-password-that-nobody-may-see"


@dataclass(frozen=True)
class Drill:
    """A register with data, the folder of its backups, and the files of two private keys."""

    world: World
    backups: Path
    recipient: str
    key: Path
    other_key: Path
    programs: Path

    def latest(self) -> Path:
        return max(self.backups.glob("countylines-*"))


@pytest.fixture
def drill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Drill]:
    pyrage = _pyrage()
    keys = [pyrage.x25519.Identity.generate() for _ in range(2)]
    files = [tmp_path / "key.txt", tmp_path / "other.txt"]
    for key, file in zip(keys, files, strict=True):
        file.write_text(f"# created by a test\n{key}\n")
    world = make_world()
    with_evidence(world.assignment("Kent", 3), by=world.officer, at=world.now)
    grant_access(ROLE)
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{postgres_binaries()}", prepend=os.pathsep)
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", PASSWORD)
    yield Drill(world, tmp_path / "backups", str(keys[0].to_public()), *files, programs)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP OWNED BY {ROLE}; DROP ROLE {ROLE}")


def _pyrage():
    try:
        import pyrage
    except ImportError:
        pytest.fail("pyrage is not installed: run `make lock` and `./dev setup`.")
    return pyrage


@contextmanager
def second_cluster(folder: Path) -> Iterator[None]:
    """Connect to an empty database of a new cluster, with an evidence storage of its own."""
    (folder / "s").mkdir(parents=True)
    servers = Servers(sockets=folder / "s", data=folder, is_temporary=True)
    processes = Processes(folder)
    start_postgres(processes, servers)
    servers.create_database("restored")
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict |= {"NAME": "restored", "HOST": str(folder / "s"), "USER": "app"}
    evidence = settings.STORAGES["evidence"]
    options = evidence["OPTIONS"] | {"location": str(folder / "evidence")}
    try:
        with override_settings(
            STORAGES=settings.STORAGES | {"evidence": evidence | {"OPTIONS": options}}
        ):
            yield
    finally:
        connection.close()
        connection.settings_dict |= before
        processes.stop()


def wrap_pg_dump(drill: Drill, script: str) -> Path:
    """Put a shell script in front of pg_dump, which is "$REAL"; return the file for its output."""
    log, wrapper = drill.programs / "log", drill.programs / "pg_dump"
    wrapper.write_text(f"#!/bin/sh\nREAL={postgres_binaries()}/pg_dump\nLOG={log}\n{script}\n")
    wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
    return log


def back_up_in_a_process(
    drill: Drill, *, max_file_bytes: int | None = None
) -> "subprocess.CompletedProcess[str]":
    database = connection.settings_dict
    url = f"postgres://{database['USER']}:{PASSWORD}@/{database['NAME']}?host={database['HOST']}"
    location = settings.STORAGES["evidence"]["OPTIONS"]["location"]

    def limit() -> None:
        if max_file_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (max_file_bytes, max_file_bytes))

    command = ["manage.py", "backup", str(drill.backups), "--recipient", drill.recipient]
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url, "EVIDENCE_STORAGE_URL": f"file://{location}"},
        preexec_fn=limit,
        capture_output=True,
        text=True,
    )


def test_a_register_is_backed_up_and_restored(drill, tmp_path, capsys):
    # Interrupted by SIGKILL in the middle: nothing looks whole.
    wrap_pg_dump(drill, '"$REAL" "$@" | head -c 30000; kill -9 $PPID')
    assert back_up_in_a_process(drill).returncode == -signal.SIGKILL
    [left] = drill.backups.glob("countylines-*")
    assert left.name.endswith(".unfinished")
    with pytest.raises(CommandError, match="is no whole backup"):
        call_command("verify", str(left))

    # A full disk: it says so, and leaves nothing. No password is in an argument or in the output.
    log = wrap_pg_dump(drill, 'printf "%s\\n" "$*" > "$LOG"; exec "$REAL" "$@"')
    failed = back_up_in_a_process(drill, max_file_bytes=20_000)
    assert "is full. The backup was not made." in failed.stderr
    assert failed.returncode == 1
    assert list(drill.backups.glob("countylines-*")) == []
    assert "--snapshot=" in log.read_text()
    assert PASSWORD not in log.read_text() + failed.stdout + failed.stderr

    call_command("backup", str(drill.backups), "--recipient", drill.recipient)
    backup = drill.latest()
    assert capsys.readouterr().out.startswith(f"Backup made: {backup}.")
    expected = (Update.objects.count(), AuditEvent.objects.count(), Evidence.objects.count())
    text = b"".join(path.read_bytes() for path in backup.iterdir())
    assert b"Kay Ent" not in text
    assert b"The protocol." not in text

    # Sent after the backup was made, which the backup cannot know.
    sent = jobs.send_due_digests(at=drill.world.now)
    assert OutboxEmail.objects.filter(state="sent").count() > 3, sent

    with pytest.raises(CommandError, match="The key does not open database"):
        call_command("verify", str(backup), "--identity", str(drill.other_key))
    call_command("verify", str(backup), "--identity", str(drill.key))
    assert "Its content was read." in capsys.readouterr().out
    with pytest.raises(CommandError, match="Restore into an empty one"):
        call_command("restore", str(backup), "--identity", str(drill.key))

    with second_cluster(tmp_path / "second"):
        with pytest.raises(CommandError, match="key does not open"):
            call_command("restore", str(backup), "--identity", str(drill.other_key))
        call_command("restore", str(backup), "--identity", str(drill.key))
        out = capsys.readouterr().out
        assert "The backup was restored" in out
        assert "Emails are on hold" in out
        assert expected == (
            Update.objects.count(),
            AuditEvent.objects.exclude(act="backup restored").count(),
            Evidence.objects.count(),
        )
        [file] = Evidence.objects.all()
        with storage.open_file(file.key) as content:
            assert content.read() == b"The protocol.\n"
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT has_table_privilege(%s, 'recommendations_update', 'INSERT'), "
                "has_table_privilege(%s, 'recommendations_update', 'UPDATE'), "
                "has_function_privilege(%s, 'pg_control_system()', 'EXECUTE')",
                [ROLE, ROLE, ROLE],
            )
            assert cursor.fetchone() == (True, False, True)
        assert_emails_are_held_until_released(drill)
        assert check_trail().findings == ()
        as_superuser("UPDATE recommendations_review SET reason = 'x' WHERE id = 1 OR TRUE")
        storage.delete_file(file.key)
        with pytest.raises(CommandError, match="faults"):
            call_command("verify", str(backup), "--database")
        faults = capsys.readouterr().err
        assert "The rows of recommendations_review differ from those of the backup." in faults
        assert "What differs: reason." in faults
        assert f"The evidence file {file.key} is missing." in faults

    damaged = backup / "evidence.tar.age"
    os.truncate(damaged, damaged.stat().st_size - 1)
    with pytest.raises(CommandError, match="1 fault"):
        call_command("verify", str(backup))


def assert_emails_are_held_until_released(drill: Drill) -> None:
    """The register was backed up before this week's digests were sent."""
    now = drill.world.now
    assert "Emails are on hold" in jobs.send_due_digests(at=now)
    assert "Emails are on hold" in jobs.send_alerts(at=now)
    assert OutboxEmail.objects.count() == 0
    with pytest.raises(CommandError, match="no active administrator"):
        call_command("release_emails", "--by", "nobody@example.org")
    administrator = User.objects.get(name="Ada Min")
    call_command("release_emails", "--by", administrator.email)
    jobs.send_due_digests(at=now)
    jobs.send_alerts(at=now)
    assert OutboxEmail.objects.count() == Digest.objects.count() == 0
    assert not Alert.objects.filter(emailed_at=None).exists()
    held = DigestWeek.objects.get()
    assert (held.iso_year, held.iso_week) == tuple(Week.due(at=now).fields.values())
    jobs.create_due_digests(at=now, week=Week.due(at=now).after)
    assert Digest.objects.exists()
