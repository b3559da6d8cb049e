"""`manage.py backup`: backs up the database and the evidence, encrypted to a public key."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from recommendations import wording
from recommendations.backup.backup import create_backup
from recommendations.backup.errors import BackupError


class Command(BaseCommand):
    help = (
        "Back up the database and the evidence into a new folder below FOLDER, encrypted with age "
        "to the public keys in BACKUP_RECIPIENTS. Connect as the owner of the tables."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument(
            "--recipient",
            action="append",
            metavar="AGE1...",
            help="a public key, instead of BACKUP_RECIPIENTS",
        )

    def handle(self, *, folder: Path, recipient: list[str] | None, **options: Any) -> None:
        recipients = recipient or settings.BACKUP_RECIPIENTS
        try:
            path, manifest = create_backup(folder=folder, recipients=recipients, at=timezone.now())
        except BackupError as error:
            raise CommandError(str(error)) from None
        rows = sum(table.rows for table in manifest.tables.values())
        self.stdout.write(
            f"Backup made: {path}. {len(manifest.tables)} tables, {rows:,} rows, "
            f"{wording.count(len(manifest.evidence), 'evidence file')}."
        )
        self.stdout.write(manifest.audit_head)
        for problem in manifest.evidence_problems:
            self.stderr.write(problem)
        if count := len(manifest.evidence_problems):
            raise CommandError(
                f"The backup is whole, but the service has {wording.count(count, 'evidence file')} "
                "missing or altered. Restore them from an earlier backup."
            )
