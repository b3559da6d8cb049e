"""Counts the positions of a stored register, as the release that stored it has counted them."""

import json
from collections import Counter
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

from forces.models import Body
from recommendations import rules
from recommendations.models import Inspection
from recommendations.positions import positions
from recommendations.positions.positions import Position


def figures(path: str) -> str:
    """Return the figures of each day in the file, as JSON."""
    inspection = Inspection.objects.get(slug="inspection-0")
    slugs = dict(Body.objects.values_list("pk", "slug"))
    found = {}
    for day in json.loads(Path(path).read_text()):
        on = date.fromisoformat(day)
        before = rules.start_of_day(on + timedelta(days=1))
        rows = positions.as_at(inspection, on=on, before=before)
        lines = sorted(_line(row, slugs[row.body_id]) for row in rows)
        found[day] = {
            "statuses": dict(sorted(Counter(row.status for row in rows).items())),
            "overdue": sum(row.is_overdue for row in rows),
            "sha256": sha256("\n".join(lines).encode()).hexdigest(),
        }
    return json.dumps(found)


def _line(row: Position, slug: str) -> str:
    due = f"{row.original_due_on} {row.status} {row.due_on} {row.due_date_changes_count}"
    said = f"{row.confidence} {row.forecast_on} {row.is_returned} {row.no_change_count}"
    times = f"{row.latest_update_id} {row.heard_at} {row.first_claimed_at} {row.changed_at}"
    flags = " ".join(sorted(rules.flags(row, on=row.on)))
    return f"{slug} {row.reference} {row.is_lead} {due} {said} {times} {flags}"
