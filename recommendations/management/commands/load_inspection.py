"""`manage.py load_inspection`: adds a further inspection from a file of recommendations."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from forces.refusal import Refusal
from recommendations.actions.load_register import load_inspection
from recommendations.models import Inspection
from recommendations.register.csv_table import InvalidFiles
from recommendations.register.facts import InspectionFacts
from recommendations.register.inspection_file import read_recommendations


class Command(BaseCommand):
    help = "Show what a file of recommendations adds as a further inspection; --write adds it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a CSV file with the columns of the register")
        parser.add_argument("--slug", required=True, help="its name in addresses: custody-2025")
        parser.add_argument("--title", required=True)
        parser.add_argument("--publisher", default="HMICFRS")
        parser.add_argument("--published-on", required=True, type=date.fromisoformat)
        parser.add_argument("--write", action="store_true", help="add it, instead of a preview")

    def handle(
        self,
        *,
        file: Path,
        slug: str,
        title: str,
        publisher: str,
        published_on: date,
        write: bool,
        **options: Any,
    ) -> None:
        first = Inspection.objects.current()
        if first is None:
            raise CommandError("There is no register yet. Run load_register first.")
        facts = InspectionFacts(
            slug=slug,
            title=title,
            publisher=publisher,
            published_on=published_on,
            is_synthetic=first.is_synthetic,
        )
        try:
            report = load_inspection(
                facts=facts,
                recommendations=read_recommendations(file, inspection=facts),
                at=timezone.now(),
                is_preview=not write,
            )
        except InvalidFiles as bad:
            raise CommandError(f"Nothing was loaded.\n{bad}") from bad
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        for line in [*report.tallies, *report.differences]:
            self.stdout.write(str(line))
        if not write:
            self.stdout.write("Nothing was written. Use --write to add it.")
