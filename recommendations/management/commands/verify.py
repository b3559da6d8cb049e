"""`manage.py verify`: verifies a backup, and with --database what was restored from it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from recommendations import wording
from recommendations.backup.errors import BackupError
from recommendations.backup.manifest import Manifest
from recommendations.backup.restore import problems_with_backup


class Command(BaseCommand):
    help = (
        "Verify that a backup is whole. With the private key, also read all of its content. With "
        "--database, compare the database, the audit trail and the evidence with it."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="the folder of one backup")
        parser.add_argument("--identity", type=Path, metavar="FILE", help="file of the private key")
        parser.add_argument(
            "--database",
            action="store_true",
            help="compare with the database of DATABASE_URL, before the service is started",
        )

    def handle(
        self, *, folder: Path, identity: Path | None, database: bool, **options: Any
    ) -> None:
        try:
            problems = list(problems_with_backup(folder, identity=identity))
            if database:
                problems += Manifest.read(folder).database_problems()
        except BackupError as error:
            raise CommandError(str(error)) from None
        for text in problems:
            self.stderr.write(text)
        if problems:
            raise CommandError(f"{folder}: {wording.count(len(problems), 'fault')}.")
        content = "Its content was read." if identity else "Its content was not read."
        fits = " The database and the evidence fit it." if database else ""
        taken_at = Manifest.read(folder).taken_at
        self.stdout.write(f"The backup of {taken_at:%Y-%m-%d %H:%M} is whole. {content}{fits}")
