"""`manage.py restore`: restores a backup into an empty database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from forces.email_hold import HELD
from recommendations.backup.errors import BackupError
from recommendations.backup.restore import restore_backup


class Command(BaseCommand):
    help = (
        "Restore a backup into the database of DATABASE_URL, which must be empty, and the evidence "
        "into its storage. Verifies the backup before, and the result afterwards."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="the folder of one backup")
        parser.add_argument(
            "--identity", type=Path, required=True, metavar="FILE", help="file of the private key"
        )

    def handle(self, *, folder: Path, identity: Path, **options: Any) -> None:
        try:
            differences = restore_backup(folder=folder, identity=identity, at=timezone.now())
        except BackupError as error:
            raise CommandError(str(error)) from None
        for text in differences:
            self.stderr.write(text)
        if differences:
            raise CommandError(
                "The backup was restored, but differs from its manifest (see above). Do not start "
                "the service before you know why."
            )
        self.stdout.write("The backup was restored: the database and the files fit its manifest.")
        self.stdout.write(HELD)
