"""What the database contains after an upgrade."""

import json
from collections import Counter

from django.core.management import call_command
from django.utils import timezone

from recommendations.dashboards import snapshots
from recommendations.models import Download, Inspection, JobRun
from recommendations.rules import london_day
from tests.reliability import torture_data


def report() -> None:
    """Print as JSON what the database contains. The first line is of `torture_data.report`."""
    call_command("check_audit", record_existing=True, verbosity=0)
    torture_data.report()
    inspection = Inspection.objects.get()
    print(
        json.dumps(
            {
                "downloads": Counter(Download.objects.values_list("state", flat=True)),
                "runs": Counter(JobRun.objects.values_list("state", flat=True)),
                "jobs": Counter(JobRun.objects.values_list("job", flat=True)),
                "is_rendered": snapshots.are_current(inspection, on=london_day(timezone.now())),
            }
        )
    )
