"""The counts of a dashboard at the end of past weeks, and the burn-up chart made from them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from recommendations.charts.line import (
    LineChart,
    Point,
    describe_points,
    describe_progress,
    line_chart,
)
from recommendations.models import Recommendation
from recommendations.positions.counts import StatusCount, status_counts
from recommendations.positions.positions import Position
from recommendations.rules import COUNTED, Status, is_due_by

SPARKLINE_WEEKS = 12
MAX_BURN_UP_POINTS = 30


@dataclass(frozen=True)
class History:
    """Counts of the forces on past days."""

    on: date
    counts: list[StatusCount]

    @cached_property
    def _by_day(self) -> dict[date, list[StatusCount]]:
        by_day: dict[date, list[StatusCount]] = {}
        for count in self.counts:
            if count.is_force:
                by_day.setdefault(count.on, []).append(count)
        return by_day

    def in_status(self, status: Status, on: date) -> int:
        return sum(c.count for c in self._by_day.get(on, []) if c.status == status)

    def overdue(self, on: date) -> int:
        return sum(c.count for c in self._by_day.get(on, []) if c.is_overdue)

    @property
    def weeks(self) -> list[date]:
        """The same weekday in each of the last twelve weeks with data, then the day itself."""
        return [on for on in last_weeks(self.on, SPARKLINE_WEEKS) if on in self._by_day]


def last_weeks(on: date, count: int) -> list[date]:
    """Return the same weekday of the last `count` weeks in order, then the day itself."""
    return [on - timedelta(weeks=number) for number in range(count, -1, -1)]


def history(
    recommendations: Iterable[Recommendation],
    *,
    on: date,
    since: date,
    with_weeks: bool = True,
    bodies: Sequence[int] | None = None,
) -> History:
    """Return counts at evenly spaced weeks since `since` and in the last twelve weeks; 1 query.

    `bodies` (primary keys) limits them to these organisations.
    """
    days = set(evenly_spaced_days(since, on))
    if with_weeks:
        days |= set(last_weeks(on, SPARKLINE_WEEKS))
    return History(on, status_counts(recommendations, days=sorted(days), bodies=bodies))


def burn_up(
    past: History,
    positions: Iterable[Position],
    *,
    since: date,
    chart_id: str,
    unit: str = "Recommendations",
) -> tuple[str, LineChart | None]:
    """Return the message and chart of implemented against planned, from `since` to the last plan.

    Withdrawn assignments are not part of the plan.
    """
    rows = list(positions)
    return burn_up_chart(
        planned_days(rows),
        {on: past.in_status(Status.IMPLEMENTED, on) for on in evenly_spaced_days(since, past.on)},
        chart_id=chart_id,
        unit=unit,
        waiting=sum(p.status == Status.EVIDENCE_SUBMITTED for p in rows),
    )


def planned_days(positions: Iterable[Position]) -> list[date]:
    """Return the original due dates in order, without withdrawn assignments."""
    return sorted(p.original_due_on for p in positions if p.status in COUNTED)


def burn_up_chart(
    due: list[date],
    implemented: Mapping[date, int],
    *,
    chart_id: str,
    unit: str,
    subject: str = "",
    waiting: int = 0,
    highest: int = 0,
) -> tuple[str, LineChart | None]:
    """Return the message and chart of the numbers implemented by day, against the due dates."""
    if not due:
        return "Nothing is planned yet", None

    def planned(on: date) -> int:
        return sum(is_due_by(due_on, on=on) for due_on in due)

    latest_on = max(implemented)
    future = sorted({due_on for due_on in due if not is_due_by(due_on, on=latest_on)})
    points = [Point(on, planned(on), number) for on, number in implemented.items()]
    points += [Point(on, planned(on), None) for on in future]
    message = describe_progress(due, done=implemented[latest_on], on=latest_on)
    chart = line_chart(
        points,
        due=due,
        chart_id=chart_id,
        title=f"{subject}: {message}" if subject else message,
        description=describe_points(points),
        unit=unit,
        waiting=waiting,
        highest=highest,
    )
    return message, chart


def evenly_spaced_days(first: date, last: date) -> list[date]:
    """Return at most MAX_BURN_UP_POINTS days, whole weeks apart counting back from the last."""
    weeks = max((last - first).days, 0) // 7 + 1
    step = timedelta(weeks=-(-weeks // (MAX_BURN_UP_POINTS - 1)))
    days = [last]
    while days[-1] > first:
        days.append(max(first, days[-1] - step))
    return days[::-1]
