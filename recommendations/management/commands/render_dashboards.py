"""`manage.py render_dashboards`: updates the snapshots of the national pages."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from recommendations.dashboards.snapshots import render_all


class Command(BaseCommand):
    help = "Update the stored content of the overview, the heatmap and the trends."

    def handle(self, **options: Any) -> None:
        self.stdout.write(render_all(at=timezone.now()))
