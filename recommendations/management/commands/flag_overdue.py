"""`manage.py flag_overdue`: raises and clears flags, as the scheduled job does."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from recommendations import jobs
from recommendations.rules import london_day


class Command(BaseCommand):
    help = "Raise and clear flags up to today (or --on), including any missed nights."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, help="a London day, YYYY-MM-DD")

    def handle(self, *, on: date | None, **options: Any) -> None:
        self.stdout.write(jobs.flag_overdue(on=on or london_day(timezone.now())))
