"""`manage.py render_dashboards`: the snapshots of the national pages, rendered anew."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from recommendations.dashboards.snapshots import render_dashboards
from recommendations.models import Inspection


class Command(BaseCommand):
    help = "Render the overview and the heatmap, so that pages need not compute them."

    def handle(self, **options: Any) -> None:
        inspection = Inspection.objects.current()
        if inspection is None:
            self.stdout.write("Nothing to render: there is no inspection. Run load_register first.")
            return
        self.stdout.write(render_dashboards(inspection=inspection, at=timezone.now()))
