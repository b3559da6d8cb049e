"""The manifest of a backup: what it contains, and the hashes of its files. Not encrypted."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import file_digest
from pathlib import Path

from forces.audit_check import check_trail
from forces.audit_head import AuditHead, heads_in
from recommendations.backup.contents import TableContents, evidence_problems, table_contents
from recommendations.backup.errors import BackupError

MANIFEST, DATABASE, EVIDENCE = "manifest.json", "database.dump.age", "evidence.tar.age"
FORMAT = 1


@dataclass(frozen=True)
class FileContents:
    """The size in bytes and the SHA-256 of an encrypted file."""

    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """`evidence` has the SHA-256 of each file in the backup by its key.

    `evidence_problems` are those that the service had already when the backup was made.
    """

    taken_at: datetime
    audit_head: str
    roles: list[str]
    tables: Mapping[str, TableContents]
    evidence: Mapping[str, str]
    evidence_problems: list[str] = field(default_factory=list)
    files: Mapping[str, FileContents]
    format: int = FORMAT

    @property
    def head(self) -> AuditHead:
        return heads_in(self.audit_head)[0]

    def write(self, folder: Path) -> None:
        values = asdict(self) | {"taken_at": self.taken_at.isoformat()}
        (folder / MANIFEST).write_text(json.dumps(values, indent=1, sort_keys=True) + "\n")

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read the manifest of a backup. Raises BackupError if this is no whole backup."""
        try:
            values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            if values["format"] != FORMAT:
                raise BackupError(f"{folder} has the format {values['format']}, not {FORMAT}.")
            return cls(
                **values
                | {
                    "taken_at": datetime.fromisoformat(values["taken_at"]),
                    "tables": {name: TableContents(**v) for name, v in values["tables"].items()},
                    "files": {name: FileContents(**v) for name, v in values["files"].items()},
                }
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise BackupError(
                f"{folder} is no whole backup: its {MANIFEST} is missing or damaged."
            ) from None

    def file_problems(self, folder: Path) -> Iterator[str]:
        """Yield a sentence for each encrypted file that is missing, cut off or altered."""
        for name, expected in self.files.items():
            try:
                with (folder / name).open("rb") as file:
                    found = FileContents(
                        (folder / name).stat().st_size, file_digest(file, "sha256").hexdigest()
                    )
            except OSError:
                yield f"{name} is missing."
                continue
            if found.size != expected.size:
                yield f"{name} has {found.size:,} bytes instead of {expected.size:,}."
            elif found != expected:
                yield f"{name} was altered: its hash is not the one in the manifest."

    def database_problems(self) -> Iterator[str]:
        """Yield a sentence for each way in which the database differs from this backup."""
        found = table_contents()
        for name, expected in self.tables.items():
            table = found.get(name)
            if table is None:
                yield f"The table {name} is missing."
            elif table.rows != expected.rows:
                yield f"{name} has {table.rows:,} rows instead of {expected.rows:,}."
            elif table != expected:
                yield f"The rows of {name} differ from those of the backup."
        yield from (finding.text for finding in check_trail(against=[self.head]).findings)
        yield from (text for text in evidence_problems() if text not in self.evidence_problems)
