"""The stops of the heatmap's time line, and the days that it can be compared with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from recommendations import rules
from recommendations.dashboards.heatmap.query import HeatmapQuery
from recommendations.positions.counts import status_counts
from recommendations.positions.national import NationalPosition
from recommendations.positions.past_time import AsAt
from recommendations.rules import Status

MAX_MONTH_ENDS = 6
_LONG_AGO = timedelta(days=364)  # a day and month alone no longer name the day


@dataclass(frozen=True)
class Stop:
    """An item of components/times.html: a day, and how many were implemented at its end."""

    day: str
    number: int
    href: str
    is_current: bool
    is_compared: bool


def month_ends(*, since: date, today: date) -> list[date]:
    """Return the ends of the last months, in order, without those before `since`."""
    ends: list[date] = []
    end = today.replace(day=1) - timedelta(days=1)
    while end >= since and len(ends) < MAX_MONTH_ENDS:
        ends.append(end)
        end = end.replace(day=1) - timedelta(days=1)
    return ends[::-1]


def days_to_compare(*, since: date, today: date) -> list[date]:
    """Return the day with which "since last week" compares, then month ends, the latest first."""
    return [rules.week_before(today), *reversed(month_ends(since=since, today=today))]


def stops(
    national: NationalPosition,
    query: HeatmapQuery,
    *,
    path: str,
    today: date,
    forces: list[int],
    known: Mapping[date, int],
) -> list[Stop]:
    """Return month ends, the days of the query, and today, with the filters; at most 1 query.

    The numbers are of the forces (primary keys) and recommendations shown. `known` are numbers
    that have been counted already.
    """
    times = {
        end: AsAt(end) for end in month_ends(since=national.inspection.published_on, today=today)
    }
    times |= {time.on: time for time in (query.compare, query.as_at) if time}
    days = sorted({*times, today})
    counted = _implemented(national, [on for on in days if on not in known], forces) | dict(known)
    return [
        Stop(
            day=_day(on, today=today),
            number=counted.get(on, 0),
            href=path + query.at(times.get(on)).address,
            is_current=times.get(on) == query.as_at,
            is_compared=query.compare is not None and query.compare.on == on,
        )
        for on in days
    ]


def _implemented(
    national: NationalPosition, days: list[date], forces: list[int]
) -> dict[date, int]:
    counts: dict[date, int] = {}
    if days:
        for row in status_counts(national.recommendations, days=days, bodies=forces):
            if row.status == Status.IMPLEMENTED:
                counts[row.on] = counts.get(row.on, 0) + row.count
    return counts


def _day(on: date, *, today: date) -> str:
    """Return `31 May`, `Today`, or `May 2025` if that day and month have come again since."""
    if on == today:
        return "Today"
    return f"{on:%b %Y}" if today - on > _LONG_AGO else f"{on.day} {on:%b}"
