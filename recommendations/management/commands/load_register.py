"""`manage.py load_register`: loads forces, national bodies and recommendations from data files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError
from django.utils import timezone

from forces.refusal import Refusal
from recommendations.actions.load_register import load_register
from recommendations.register.csv_table import InvalidFiles
from recommendations.register.folder import DATA_FOLDER, read_register


class Command(BaseCommand):
    help = "Load the register from the CSV files of a folder; safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--folder",
            type=Path,
            default=DATA_FOLDER,
            help="folder of the four files (default: the ones supplied with the service)",
        )
        parser.add_argument(
            "--overwrite-texts",
            action="store_true",
            help="take titles, summaries, themes and partners from the file, "
            "even where they were edited in the service",
        )

    def handle(self, *, folder: Path, overwrite_texts: bool, **options: Any) -> None:
        try:
            report = load_register(
                register=read_register(folder), at=timezone.now(), overwrite_texts=overwrite_texts
            )
        except InvalidFiles as bad:
            raise CommandError(f"Nothing was loaded.\n{bad}") from bad
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        except IntegrityError as error:
            reason = str(error).strip().replace("\n", " ")
            raise CommandError(
                f"Nothing was loaded: the files conflict with existing data. {reason}"
            ) from error
        for line in [*report.tallies, *report.differences]:
            self.stdout.write(str(line))
