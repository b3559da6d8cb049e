"""Makes a backup: a folder with the encrypted database and evidence, and a manifest."""

import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection, transaction

from forces.audit_head import current_head
from forces.email_hold import remember_database
from recommendations.backup import age, archive, contents, postgres
from recommendations.backup.errors import BackupError, explained_disk_errors
from recommendations.backup.manifest import DATABASE, EVIDENCE, FileContents, Manifest
from recommendations.models import Inspection

PARTIAL = ".unfinished"


def create_backup(
    *, folder: Path, recipients: Sequence[str], at: datetime
) -> tuple[Path, Manifest]:
    """Write a backup into a new folder below `folder`; return it, and its manifest.

    The new folder gets its name when everything in it is on the disk, so a backup that was
    interrupted never looks whole. The next one removes what it left. Raises BackupError.
    """
    keys = age.parse_recipients(recipients)
    label = "demonstration-" if Inspection.objects.filter(is_synthetic=True).exists() else ""
    final = folder / f"countylines-{label}{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    with explained_disk_errors(folder), _locked(folder):
        if final.exists():
            raise BackupError(f"{final} exists already.")
        partial = folder / f"{final.name}{PARTIAL}"
        partial.mkdir(mode=0o700)
        try:
            manifest = _write(partial, keys, at=at)
            _sync(partial)
            partial.rename(final)
            _sync_folder(folder)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
    return final, manifest


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder for this backup, and remove what interrupted ones have left in it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(f"Another backup is being written to {folder}.") from None
        for leftover in folder.glob(f"*{PARTIAL}"):
            shutil.rmtree(leftover)
        yield


def _write(folder: Path, recipients: Sequence[age.Recipient], *, at: datetime) -> Manifest:
    """Write the files. Database, counts and hashes are of one snapshot, while people go on."""
    remember_database(at=at)
    files = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        head = current_head()
        tables, roles = contents.table_contents(), contents.granted_roles()
        evidence_keys = contents.evidence_keys()
        with postgres.dumping(snapshot) as dump:
            files[DATABASE] = _encrypt(dump, folder / DATABASE, recipients)
    evidence: dict[str, str] = {}
    with archive.writing(evidence_keys, hashes=evidence) as stream:
        files[EVIDENCE] = _encrypt(stream, folder / EVIDENCE, recipients)
    manifest = Manifest(
        taken_at=at,
        audit_head=head.line_at(at),
        roles=roles,
        tables=tables,
        evidence=evidence,
        evidence_problems=list(contents.evidence_problems()),
        files=files,
    )
    manifest.write(folder)
    return manifest


def _encrypt(source: age.Readable, path: Path, recipients: Sequence[age.Recipient]) -> FileContents:
    with path.open("xb") as target:
        written = age.encrypt(source, target, recipients)
    if path.stat().st_size != written.size:
        raise BackupError(f"{path} is not as long as what was written to it.")
    return FileContents(written.size, written.sha256.hexdigest())


def _sync(folder: Path) -> None:
    for path in folder.iterdir():
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
