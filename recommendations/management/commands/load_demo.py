"""`manage.py load_demo`: loads a made-up year of progress into an empty database."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from forces.accounts.demonstration_users import PASSWORD
from forces.refusal import Refusal
from recommendations.demonstration.load import load_demonstration
from recommendations.demonstration.people import SIGN_INS
from recommendations.exports.export import DEMONSTRATION_NOTICE
from recommendations.models import Inspection
from recommendations.rules import london_day


def parse_day(text: str) -> date:
    """Read a date of the command line. Raises ArgumentTypeError with a sentence."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date such as 2026-11-23.") from None


class Command(BaseCommand):
    help = "Load a made-up year of progress into an empty database; it is labelled as such."
    requires_system_checks = []  # they would import every page

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--as-of", type=parse_day, help="the last day of the data (default: today)"
        )
        parser.add_argument(
            "--seed", type=int, default=1, help="the same date and seed give the same data"
        )
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing if there is an inspection"
        )
        parser.add_argument(
            "--sign-ins", action="store_true", help="print the accounts and load nothing"
        )

    def handle(
        self, *, as_of: date | None, seed: int, if_empty: bool, sign_ins: bool, **options: Any
    ) -> None:
        if settings.ENVIRONMENT.is_production:
            raise CommandError("Demonstration data cannot be used in production.")
        if sign_ins:
            self._print_sign_ins()
            return
        current = Inspection.objects.current()
        if if_empty and current is not None:
            self.stdout.write(f"Nothing was loaded: the database already contains {current.title}.")
            return
        try:
            loaded = load_demonstration(
                as_of=as_of or london_day(timezone.now()),
                seed=seed,
                password=make_password(PASSWORD),
            )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{loaded.inspection.title}. {DEMONSTRATION_NOTICE}")
        for kind, count in loaded.counts.items():
            self.stdout.write(f"{kind}: {count} added")
        self.stdout.write(f"Total: {sum(loaded.counts.values())} rows")

    def _print_sign_ins(self) -> None:
        current = Inspection.objects.current()
        if current is None or not current.is_synthetic:
            raise CommandError("There are no demonstration accounts in this database.")
        for role, email in SIGN_INS:
            self.stdout.write(f"{role}: {email} {PASSWORD}")
