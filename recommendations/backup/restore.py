"""Restores a backup into an empty database, and verifies backups."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO
from uuid import UUID

from django.db import ProgrammingError, connection
from psycopg2 import sql

from forces import audit
from recommendations.backup import age, archive, contents, postgres
from recommendations.backup.errors import BackupError
from recommendations.backup.manifest import DATABASE, EVIDENCE, Manifest
from recommendations.evidence import storage

_IN_MEMORY_BYTES = 10_000_000


def problems_with_backup(folder: Path, *, identity: Path | None = None) -> Iterator[str]:
    """Yield a sentence for each fault of a backup; with the private key, also of its content."""
    manifest = Manifest.read(folder)
    faults = list(manifest.file_problems(folder))
    yield from faults
    if identity is None or faults:
        return
    identities = age.read_identities(identity)
    with postgres.reading() as target:
        age.decrypt(folder / DATABASE, target, identities)
    found: dict[str, str] = {}

    def read(key: UUID, content: IO[bytes]) -> None:
        found[str(key)] = archive.sha256_of(content)

    with archive.reading(read) as target:
        age.decrypt(folder / EVIDENCE, target, identities)
    for key, sha256 in manifest.evidence.items():
        if found.get(key) != sha256:
            state = "altered" if key in found else "missing"
            yield f"The evidence file {key} is {state} in the backup."


def restore_backup(*, folder: Path, identity: Path, at: datetime) -> list[str]:
    """Restore into the database of the settings, which must be empty, and its evidence storage.

    Returns sentences on what differs from the manifest afterwards; an empty list if nothing does.
    Emails are held from then on (forces/email_hold.py). Raises BackupError, and leaves the database
    empty, if the backup has a fault or the key is wrong.
    """
    manifest = Manifest.read(folder)
    if names := contents.table_names():
        raise BackupError(
            f"The database {connection.settings_dict['NAME']} has {len(names)} tables. Restore "
            "into an empty one. Nothing was changed."
        )
    if faults := list(problems_with_backup(folder, identity=identity)):
        raise BackupError(" ".join([*faults, "Nothing was restored."]))
    identities = age.read_identities(identity)
    _create_roles(manifest.roles)
    connection.close()
    with postgres.restoring() as target:
        age.decrypt(folder / DATABASE, target, identities)
    with archive.reading(_store) as target:
        age.decrypt(folder / EVIDENCE, target, identities)
    differences = list(manifest.database_problems())
    audit.record(
        at=at,
        act="backup restored",
        actor=None,
        taken_at=manifest.taken_at.isoformat(),
        events=manifest.head.count,
        differences=len(differences),
    )
    return differences


def _create_roles(names: list[str]) -> None:
    """Create the roles to which the dump grants permissions. They get passwords later."""
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [name])
            if cursor.fetchone() is None:
                try:
                    cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
                except ProgrammingError:
                    raise BackupError(
                        f"The database role {name} does not exist, and this one must not create "
                        f'it. Run `CREATE ROLE "{name}" LOGIN` as an administrator of the server, '
                        "then restore again. Nothing was restored."
                    ) from None


def _store(key: UUID, content: IO[bytes]) -> None:
    """Store a file, in place of what an earlier attempt to restore has left."""
    with SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as file:
        while block := content.read(65536):
            file.write(block)
        storage.delete_file(key)
        storage.save_file(file, key=key)  # type: ignore[arg-type]
