"""The due dates of one body as an iCalendar file (RFC 5545): figures, and no papers."""

from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet

from forces.models import Body
from recommendations import rules, wording
from recommendations.dashboards import labels
from recommendations.models import Assignment, Inspection
from recommendations.positions import positions
from recommendations.positions.positions import Position

if TYPE_CHECKING:
    import icalendar

MADE_UP = "Demonstration data: all of it is made up."


def due_dates(inspection: Inspection | None, *, body: Body, on: date) -> bytes:
    """One all-day event for each open assignment, as it stands on the day `on`; two queries."""
    import icalendar

    is_made_up = inspection is not None and inspection.is_synthetic
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//County lines recommendations tracker//Due dates//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    name = f"Due dates of {body.short_name}"
    calendar.add("x-wr-calname", f"{name} (demonstration)" if is_made_up else name)
    calendar.add("x-wr-caldesc", MADE_UP if is_made_up else "County lines recommendations")
    for assignment, position in _open(inspection, body, on) if inspection else []:
        calendar.add_component(_event(assignment, position, is_made_up=is_made_up))
    return bytes(calendar.to_ical())


def _open(inspection: Inspection, body: Body, on: date) -> list[tuple[Assignment, Position]]:
    stand = {each.assignment_id: each for each in positions.today(inspection, on=on, body=body)}
    found: QuerySet[Assignment] = Assignment.objects.filter(
        recommendation__inspection=inspection, body=body, status__in=rules.OPEN
    ).select_related("recommendation__inspection", "body")
    ordered = found.order_by("due_on", "recommendation__number")
    return [(each, stand[each.pk]) for each in ordered if each.pk in stand]


def _event(assignment: Assignment, position: Position, *, is_made_up: bool) -> "icalendar.Event":
    import icalendar

    address = f"{settings.BASE_URL.rstrip('/')}{assignment.get_absolute_url()}"
    status = labels.words(position)
    lines = [
        f"{status[0].upper()}{status[1:]}.",
        f"Due on {wording.day(position.due_on)}.",
        *([MADE_UP] if is_made_up else []),
        address,
    ]
    label = "Demonstration: due" if is_made_up else "Due"
    event = icalendar.Event()
    event.add("uid", _uid(assignment))
    event.add("dtstamp", assignment.changed_at)
    event.add("last-modified", assignment.changed_at)
    event.add("dtstart", position.due_on)
    event.add("dtend", position.due_on + timedelta(days=1))
    event.add("summary", f"{label}: {assignment.recommendation} ({assignment.body.short_name})")
    event.add("description", "\n".join(lines))
    event.add("url", address)
    event.add("transp", "TRANSPARENT")  # a due date does not make anybody busy
    return event


def _uid(assignment: Assignment) -> str:
    """The same for as long as the recommendation binds the body, wherever the rows are kept."""
    recommendation = assignment.recommendation
    host = urlsplit(settings.BASE_URL).hostname
    return f"{recommendation.inspection.slug}-{recommendation.number}-{assignment.body.slug}@{host}"
