"""`manage.py check_positions`: compares stored positions with the history."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recommendations import wording
from recommendations.models import Assignment
from recommendations.positions import positions


class Command(BaseCommand):
    help = "Compute every position from the append-only rows and compare it with the stored one."

    def handle(self, **options: Any) -> None:
        differing = Assignment.objects.filter(pk__in=positions.mismatched_ids())
        for assignment in differing.select_related("body", "recommendation"):
            self.stderr.write(f"{assignment} differs from its history.")
        if differing:
            raise CommandError(f"{wording.count(len(differing), 'position')} differ.")
        self.stdout.write(f"{wording.count(Assignment.objects.count(), 'position')} are right.")
