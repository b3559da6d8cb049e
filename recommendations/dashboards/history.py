"""How figures came to be: the same counts at the end of past weeks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from recommendations.charts.line import LineChart, Point, describe, gap_words, line_chart
from recommendations.models import Recommendation
from recommendations.positions import counts
from recommendations.positions.counts import Tally
from recommendations.positions.positions import Position
from recommendations.rules import Status, is_due_by

WEEKS = 12  # of a sparkline
POINTS = 30  # of a burn-up, at most


@dataclass(frozen=True)
class History:
    """The counts on past days, of forces or of the bodies asked for. One query."""

    on: date
    tallies: list[Tally]

    @cached_property
    def _of_forces(self) -> dict[date, list[Tally]]:
        found: dict[date, list[Tally]] = {}
        for tally in self.tallies:
            if tally.is_force:
                found.setdefault(tally.on, []).append(tally)
        return found

    def in_status(self, status: Status, on: date) -> int:
        return sum(t.count for t in self._of_forces.get(on, []) if t.status == status)

    def overdue(self, on: date) -> int:
        return sum(t.count for t in self._of_forces.get(on, []) if t.is_overdue)

    @property
    def weeks(self) -> list[date]:
        """The same weekday of the last twelve weeks that the history reaches, then the day."""
        return [on for on in last_weeks(self.on) if on in self._of_forces]

    @property
    def days(self) -> list[date]:
        return sorted(self._of_forces)


def last_weeks(on: date) -> list[date]:
    return [on - timedelta(weeks=number) for number in range(WEEKS, -1, -1)]


def history(
    recommendations: Iterable[Recommendation],
    *,
    on: date,
    since: date,
    with_weeks: bool = True,
    bodies: Sequence[int] | None = None,
) -> History:
    """At evenly spaced weeks since the first assignment, and in each of the last twelve.

    Of every body, or of these (keys).
    """
    days = set(spaced(since, on))
    if with_weeks:
        days |= set(last_weeks(on))
    tallies = counts.counts_on(recommendations, days=sorted(days), bodies=bodies)
    return History(on=on, tallies=tallies)


def burn_up(
    past: History, of: Sequence[Position], *, since: date, chart_id: str
) -> tuple[str, LineChart | None]:
    """The message, and the implemented against the plan: the original due dates, to the last.

    Withdrawn assignments are no part of the plan.
    """
    due = sorted(each.original_due_on for each in of if each.status != Status.WITHDRAWN)
    if not due:
        return "Nothing is planned yet", None
    shown = set(spaced(since, past.on))
    future = _future(past.on, until=due[-1])

    def planned(on: date) -> int:
        return sum(is_due_by(due_on, on=on) for due_on in due)

    points = [
        Point(on, planned(on), past.in_status(Status.IMPLEMENTED, on)) for on in sorted(shown)
    ]
    message = gap_words(points)
    chart = line_chart(
        [*points, *(Point(on, planned(on), None) for on in future)],
        chart_id=chart_id,
        title=message,
        description=describe(points),
    )
    return message, chart


def spaced(first: date, last: date) -> list[date]:
    """Days from first to last, whole weeks apart, counted back from the last; at most POINTS."""
    weeks = max((last - first).days, 0) // 7 + 1
    step = timedelta(weeks=-(-weeks // (POINTS - 1)))
    days = [last]
    while days[-1] > first:
        days.append(max(first, days[-1] - step))
    return days[::-1]


def _future(on: date, *, until: date) -> list[date]:
    """Days after `on` up to the last due date, which stays exact."""
    if until <= on:
        return []
    step = timedelta(days=max(7, (until - on).days // 12))
    days = [on + step * number for number in range(1, 13) if on + step * number < until]
    return [*days, until]
