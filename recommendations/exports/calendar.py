"""The due dates of one organisation as an iCalendar file (RFC 5545 and RFC 7986)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

from forces.models import Body
from recommendations import rules, wording
from recommendations.dashboards import labels
from recommendations.exports.export import DEMONSTRATION_NOTICE
from recommendations.inspections import working_on
from recommendations.models import Assignment, Inspection
from recommendations.positions import positions
from recommendations.positions.positions import Position

if TYPE_CHECKING:
    import icalendar


REFRESH_INTERVAL = timedelta(hours=6)  # after which calendar programs should fetch it again


def due_dates(inspections: Sequence[Inspection], *, body: Body, at: datetime) -> bytes:
    """Return one all-day event for each assignment that is open at `at`. Two queries for each."""
    import icalendar

    on = rules.london_day(at)
    is_synthetic = any(inspection.is_synthetic for inspection in inspections)
    name = f"Due dates of {body.short_name}"
    about = DEMONSTRATION_NOTICE if is_synthetic else "County lines recommendations"
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//County lines recommendations tracker//Due dates//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    name = f"{name} (demonstration)" if is_synthetic else name
    # Each twice: as in RFC 7986, and as programs wanted it before.
    for key in ("name", "x-wr-calname"):
        calendar.add(key, name)
    for key in ("description", "x-wr-caldesc"):
        calendar.add(key, about)
    calendar.add("refresh-interval", REFRESH_INTERVAL, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", icalendar.vDuration(REFRESH_INTERVAL))
    for inspection in inspections:
        with working_on(inspection):
            for assignment, position in _open_assignments(inspection, body, on):
                event = _event(assignment, position, is_synthetic=is_synthetic)
                event.add("dtstamp", at)
                event.add("sequence", _sequence(inspection, on))
                calendar.add_component(event)
    return bytes(calendar.to_ical())


def _open_assignments(
    inspection: Inspection, body: Body, on: date
) -> list[tuple[Assignment, Position]]:
    today = {p.assignment_id: p for p in positions.today(inspection, on=on, body=body)}
    assignments = (
        Assignment.objects.filter(
            recommendation__inspection=inspection, body=body, status__in=rules.OPEN
        )
        .select_related("recommendation__inspection", "body")
        .order_by("due_on", "recommendation__number", "recommendation__part")
    )
    return [(a, today[a.pk]) for a in assignments if a.pk in today]


def _event(assignment: Assignment, position: Position, *, is_synthetic: bool) -> "icalendar.Event":
    import icalendar

    address = f"{settings.BASE_URL.rstrip('/')}{assignment.get_absolute_url()}"
    status = labels.describe(position)
    lines = [
        f"{status[0].upper()}{status[1:]}.",
        f"Due on {wording.day(position.due_on)}.",
        *([DEMONSTRATION_NOTICE] if is_synthetic else []),
        address,
    ]
    label = "Demonstration: due" if is_synthetic else "Due"
    event = icalendar.Event()
    event.add("uid", _uid(assignment))
    event.add("dtstart", position.due_on)
    event.add("dtend", position.due_on + timedelta(days=1))
    event.add("summary", f"{label}: {assignment.recommendation} ({assignment.body.short_name})")
    event.add("description", "\n".join(lines))
    event.add("url", address)
    event.add("transp", "TRANSPARENT")  # so that nobody is shown as busy on that day
    return event


def _sequence(inspection: Inspection, on: date) -> int:
    """Return a number that is higher whenever a text may have changed.

    The texts depend on the London day, and on what raises the revision. Neither ever falls.
    """
    return inspection.revision + on.toordinal()


def _uid(assignment: Assignment) -> str:
    """Return an id without database keys, which stays the same if the data is loaded again."""
    recommendation = assignment.recommendation
    host = urlsplit(settings.BASE_URL).hostname
    return (
        f"{recommendation.inspection.slug}-{recommendation.reference}-{assignment.body.slug}@{host}"
    )
