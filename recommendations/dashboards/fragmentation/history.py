"""The measures of fragmentation at the end of many days, from append-only rows."""

from collections.abc import Sequence
from datetime import date, timedelta

from forces.models import Body
from recommendations.dashboards.body_requests.rows import RequestRow, row_of
from recommendations.dashboards.fragmentation.measure import Fragmentation, fragmentation
from recommendations.dashboards.fragmentation.page import FragmentationPage, fragmentation_page
from recommendations.dashboards.joint_actions.rows import forces_asked, share_of_forces
from recommendations.models import BodyRequest, Inspection, JointAction
from recommendations.positions.counts import status_counts
from recommendations.positions.day_statuses import statuses_at_end_of
from recommendations.positions.national import NationalPosition
from recommendations.positions.past_time import AsAt
from recommendations.rules import OPEN, start_of_day


def days_to(on: date, *, first: date) -> list[date]:
    """Return the ends of months from the month of `first`, and `on`."""
    days: list[date] = []
    month = date(first.year, first.month, 1)
    while True:
        month = (month + timedelta(days=32)).replace(day=1)
        if (end := month - timedelta(days=1)) >= on:
            return [*days, on]
        days.append(end)


def load_fragmentation(national: NationalPosition) -> FragmentationPage:
    """Return the page at the time of a position, with the ends of the months before; 11 queries."""
    inspection, past = national.inspection, national.past
    requests = _requests(inspection, past)
    days = days_to(national.on, first=inspection.published_on)
    measures = _measures(inspection, requests, days, past)
    return fragmentation_page(national, rows_on(requests, national.on), measures)


def fragmentation_on(
    inspection: Inspection, days: Sequence[date], *, past: AsAt | None = None
) -> list[Fragmentation]:
    """Return the measures at the end of each day; 11 queries, whatever the number of days.

    With `past`, nothing counts that was recorded later.
    """
    return _measures(inspection, _requests(inspection, past), days, past)


def _requests(inspection: Inspection, past: AsAt | None) -> list[BodyRequest]:
    rows = BodyRequest.objects.of(inspection, before=past.before if past else None)
    return list(rows.order_by("requested_at", "pk"))


def _measures(
    inspection: Inspection,
    requests: Sequence[BodyRequest],
    days: Sequence[date],
    past: AsAt | None,
) -> list[Fragmentation]:
    rows = {on: rows_on(requests, on) for on in days}
    statuses = statuses_at_end_of(
        {(row.assignment_id, on) for on in days for row in rows[on] if row.is_waiting}
    )
    open_counts = dict.fromkeys(days, 0)
    for counted in status_counts(inspection.recommendations.all(), days=days):
        if counted.status in OPEN:
            open_counts[counted.on] += counted.count
    forces = set(Body.objects.forces().values_list("pk", flat=True))
    actions = list(JointAction.objects.of(inspection, before=past.before if past else None))
    asked = forces_asked(inspection)
    return [
        fragmentation(
            rows[on],
            on=on,
            forces=forces,
            open_assignments={
                key for (key, day), found in statuses.items() if day == on and found.status in OPEN
            },
            open_count=open_counts[on],
            joint=share_of_forces(actions, asked, before=start_of_day(on + timedelta(days=1))),
        )
        for on in days
    ]


def rows_on(requests: Sequence[BodyRequest], on: date) -> list[RequestRow]:
    """Return the requests as they were at the end of a London day; no query."""
    before = start_of_day(on + timedelta(days=1))
    return [
        row_of(request, on=on, before=before)
        for request in requests
        if request.requested_at < before
    ]
