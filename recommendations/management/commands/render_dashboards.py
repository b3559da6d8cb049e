"""`manage.py render_dashboards`: updates the snapshots of the national pages."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from recommendations.dashboards.snapshots import render_dashboards
from recommendations.models import Inspection


class Command(BaseCommand):
    help = "Update the stored content of the overview, the heatmap and the trends."

    def handle(self, **options: Any) -> None:
        inspection = Inspection.objects.current()
        if inspection is None:
            self.stdout.write("Nothing to render: there is no inspection. Run load_register first.")
            return
        self.stdout.write(render_dashboards(inspection=inspection, at=timezone.now()))
