"""`manage.py apply_retention`: deletes old data, as the nightly job does."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from forces.refusal import Refusal
from recommendations.actions.confirm_deletion import confirm_deletion
from recommendations.retention.job import (
    DeletionStopped,
    apply_retention,
    plan_expiry,
    stop_large_deletion,
)
from recommendations.retention.rule import Rule


class Command(BaseCommand):
    help = "Delete or blank data under the retention rules (see the privacy page)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="list what would be deleted, and change nothing"
        )
        parser.add_argument(
            "--confirm",
            type=int,
            metavar="N",
            help="allow a large deletion that was stopped, if it is about N items",
        )

    def handle(self, *, dry_run: bool, confirm: int | None, **options: Any) -> None:
        at = timezone.now()
        if dry_run:
            self._preview(at=at)
            return
        try:
            if confirm is not None:
                _confirm(confirm, at=at)
            self._print(apply_retention(at=at), heading="deleted")
        except (DeletionStopped, Refusal) as reason:
            raise CommandError(str(reason)) from None

    def _preview(self, *, at: datetime) -> None:
        plans = plan_expiry(at=at)
        self._print([(plan.rule, plan.count) for plan in plans], heading="to delete")
        self.stdout.write("Nothing was written.")
        if count := sum(plan.too_many for plan in plans):
            self.stdout.write(
                f"A run would stop, because {count:,} items are above the limits. If they are to "
                f"be deleted, use --confirm {count}."
            )

    def _print(self, counts: list[tuple[Rule, int]], *, heading: str) -> None:
        width = max(len(rule.what) for rule, _ in counts)
        self.stdout.write(f"{'what':{width}}  {heading:>9}  retention")
        for rule, count in counts:
            self.stdout.write(f"{rule.what:{width}}  {count:>9,}  {rule.period}")


def _confirm(count: int, *, at: datetime) -> None:
    """Confirm this number, counted now. Raises Refusal if it is another one."""
    with suppress(DeletionStopped):
        stop_large_deletion(at=at)
    confirm_deletion(count=count, by=None, at=at)
