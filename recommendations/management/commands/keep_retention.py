"""`manage.py keep_retention`: lets go what was kept for long enough, as the nightly job does."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from recommendations.retention.job import keep_retention, would_go


class Command(BaseCommand):
    help = "Delete or blank what the retention rules no longer keep (see the privacy page)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="print what would go, and write nothing"
        )

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        at = timezone.now()
        found = list(would_go(at=at)) if dry_run else keep_retention(at=at)
        wide = max(len(rule.what) for rule, _ in found)
        self.stdout.write(f"{'what':{wide}}  {'would go' if dry_run else 'went':>8}  kept")
        for rule, count in found:
            self.stdout.write(f"{rule.what:{wide}}  {count:>8,}  {rule.kept}")
        if dry_run:
            self.stdout.write("Nothing was written.")
