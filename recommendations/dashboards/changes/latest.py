"""The latest changes, newest first: updates, reviews and due dates."""

from dataclasses import dataclass
from datetime import date, datetime

from forces.models import Body
from forces.names import bodies_on
from recommendations.dashboards.changes.events import latest_events
from recommendations.dashboards.visibility import Visibility
from recommendations.models import Inspection
from recommendations.positions.past_time import AsAt

LATEST_COUNT = 8


@dataclass(frozen=True, kw_only=True)
class Change:
    """One event of the history."""

    at: datetime
    on: date
    body_id: int
    body: str
    reference: str  # of the recommendation
    what: str  # `claim returned`
    href: str  # of the assignment; empty if the reader may not open it


def latest_changes(
    inspection: Inspection,
    *,
    visibility: Visibility,
    past: AsAt | None,
    before: datetime,
    count: int = LATEST_COUNT,
) -> list[Change]:
    """The latest changes, newest first; two queries.

    The links lead to the position at `past`.
    """
    events = latest_events(inspection, before=before, count=count)
    concerned = Body.objects.filter(pk__in={event.body_id for event in events})
    bodies = {body.pk: body for body in bodies_on(past.on if past else None, concerned)}
    return [
        Change(
            at=event.at,
            on=event.on,
            body_id=event.body_id,
            body=bodies[event.body_id].short_name,
            reference=event.reference,
            what=event.text,
            href=visibility.link(bodies[event.body_id], event.reference, past=past),
        )
        for event in events
    ]
