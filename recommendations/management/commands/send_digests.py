"""`manage.py send_digests`: the weekly digest by hand; a second run sends nothing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from recommendations import jobs
from recommendations.emails.digests.ledger import decided_for, undecided
from recommendations.emails.digests.week import Week
from recommendations.models import Digest
from recommendations.rules import london_day


class Command(BaseCommand):
    help = "Make and send the digests that are due (or of --week), each reader's once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--week", help="this ISO week, such as 2026-W48, before it is due")
        parser.add_argument(
            "--dry-run", action="store_true", help="list who would get what, and write nothing"
        )

    def handle(self, *, week: str | None, dry_run: bool, **options: Any) -> None:
        at = timezone.now()
        chosen = _asked(week, this=Week.of(london_day(at))) if week else None
        if dry_run:
            self._list(chosen or Week.of(london_day(at)))
        else:
            self.stdout.write(jobs.send_due_digests(at=at, week=chosen))

    def _list(self, week: Week) -> None:
        decided = decided_for(list(undecided(week)), at=timezone.now())
        mailed = 0
        for each in decided.values():
            is_mailed = each.outcome == Digest.Outcome.MAILED
            mailed += is_mailed
            what = each.content.subject if is_mailed else Digest.Outcome(each.outcome).label
            self.stdout.write(f"{each.reader.email}: {what}")
        self.stdout.write(f"{mailed} digests of {week} would be sent; nothing was written.")


def _asked(text: str, *, this: Week) -> Week:
    """Raises CommandError with a sentence for any week but this: none is sent late."""
    try:
        week = Week.parse(text)
    except ValueError as error:
        raise CommandError(str(error)) from None
    if week != this:
        raise CommandError(f"{week} is not this week, which is {this}: no other can be sent.")
    return week
