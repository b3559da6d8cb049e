"""`manage.py apply_retention`: deletes old data, as the nightly job does."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from recommendations.retention.job import apply_retention, preview_expiry


class Command(BaseCommand):
    help = "Delete or blank data under the retention rules (see the privacy page)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="list what would be deleted, and change nothing"
        )

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        at = timezone.now()
        counts = list(preview_expiry(at=at)) if dry_run else apply_retention(at=at)
        width = max(len(rule.what) for rule, _ in counts)
        heading = "to delete" if dry_run else "deleted"
        self.stdout.write(f"{'what':{width}}  {heading:>9}  retention")
        for rule, count in counts:
            self.stdout.write(f"{rule.what:{width}}  {count:>9,}  {rule.period}")
        if dry_run:
            self.stdout.write("Nothing was written.")
