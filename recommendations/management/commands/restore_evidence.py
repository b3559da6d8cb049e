"""`manage.py restore_evidence`: brings evidence files back from the bin."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser

from recommendations import wording
from recommendations.evidence import storage
from recommendations.models import Evidence


class Command(BaseCommand):
    help = (
        "Bring back the evidence files in the bin that belong to a draft or an update, for "
        "example after a database was restored."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("keys", nargs="*", type=UUID, help="the names of files: only these")
        parser.add_argument("--all", action="store_true", help="bring back every file")
        parser.add_argument("--list", action="store_true", help="list the bin, and change nothing")

    def handle(self, *, keys: list[UUID], **options: Any) -> None:
        files = sorted(storage.files_in_bin(), key=lambda file: (file.removed_on, file.key))
        if options["list"]:
            for file in files:
                self.stdout.write(f"{file.key}  removed on {file.removed_on.isoformat()}")
            return
        binned = {file.key for file in files}
        if keys:
            binned &= set(keys)
        elif not options["all"]:
            binned &= set(Evidence.objects.values_list("key", flat=True))
        present = set(storage.stored_keys())
        restored = [key for key in sorted(binned - present) if storage.restore_file(key)]
        self.stdout.write(f"{wording.count(len(restored), 'file')} brought back from the bin.")
