"""`manage.py send_digests`: sends the weekly digest by hand; a second run sends nothing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from recommendations import jobs
from recommendations.emails.digests.ledger import preview_decisions, undecided
from recommendations.emails.digests.week import Week
from recommendations.models import Digest
from recommendations.rules import london_day


class Command(BaseCommand):
    help = "Create and send the digests that are due (or of --week), once for each reader."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--week", help="this ISO week, such as 2026-W48, before it is due")
        parser.add_argument(
            "--dry-run", action="store_true", help="list who would get what, and send nothing"
        )

    def handle(self, *, week: str | None, dry_run: bool, **options: Any) -> None:
        at = timezone.now()
        this_week = Week.of(london_day(at))
        chosen = _parse(week, this_week=this_week) if week else None
        if dry_run:
            self._list(chosen or this_week)
        else:
            self.stdout.write(jobs.send_due_digests(at=at, week=chosen))

    def _list(self, week: Week) -> None:
        now = timezone.now()
        decisions = preview_decisions(list(undecided(week, on=london_day(now))), at=now)
        count = 0
        for decision in decisions.values():
            outcome = Digest.Outcome(decision.outcome)
            is_sent = outcome == Digest.Outcome.MAILED
            count += is_sent
            text = decision.content.subject if is_sent else outcome.label
            self.stdout.write(f"{decision.reader.email}: {text}")
        self.stdout.write(f"{count} digests for {week} would be sent. Nothing was sent.")


def _parse(text: str, *, this_week: Week) -> Week:
    """Raises CommandError with a sentence for any week but this one: none is sent late."""
    try:
        week = Week.parse(text)
    except ValueError as error:
        raise CommandError(str(error)) from None
    if week != this_week:
        raise CommandError(f"{week} is not this week, which is {this_week}. No other can be sent.")
    return week
