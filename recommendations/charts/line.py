"""Burn-up charts: what is implemented, against the steps of the plan and the total."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from recommendations import wording
from recommendations.charts.axes import (
    PANEL,
    Chart,
    ChartLabel,
    HoverArea,
    Scale,
    hover_areas,
)
from recommendations.rules import days_until_due, is_due_by

MIN_LABEL_DISTANCE = 16
# The widths of texts
MIN_LABEL_WIDTH = 180  # beside a point
UNIT_WIDTH = 130
TOTAL_WIDTH = 75
PLAN_WIDTH = 180


@dataclass(frozen=True)
class Point:
    """The planned and implemented numbers at the end of a day; `done` is None in the future."""

    on: date
    planned: int
    done: int | None


@dataclass(frozen=True, kw_only=True)
class LineChart(Chart):
    """A chart ready to draw; `rows` are the same values for its table."""

    months: list[ChartLabel]
    planned: str  # a line of steps: the plan changes on due dates only
    done: str
    total: ChartLabel
    planned_end: ChartLabel
    done_end: ChartLabel | None
    waiting_end: ChartLabel | None  # what would be done with all claims accepted
    today: ChartLabel | None
    hover: list[HoverArea]
    rows: list[Point]

    @property
    def table_rows(self) -> list[tuple[str, str, str]]:
        """The rows as texts: day, planned, done."""
        return [
            (
                wording.day(row.on),
                f"{row.planned:,}",
                "not yet known" if row.done is None else f"{row.done:,}",
            )
            for row in self.rows
        ]


def line_chart(
    points: Sequence[Point],
    *,
    due: Sequence[date],
    chart_id: str,
    title: str,
    description: str,
    unit: str = "Recommendations",
    waiting: int = 0,
    highest: int = 0,
) -> LineChart | None:
    """Return the chart, or None without points or plan.

    `due` are the days of the plan, one for each recommendation. `waiting` are claims awaiting
    review. `highest` is the greatest value of all small multiples, which share one scale.
    """
    if not points or not due:
        return None
    total = len(due)
    highest = max(highest, total, *(point.done or 0 for point in points))
    scale = Scale.of(PANEL, points[0].on, points[-1].on, highest=highest)
    done = [point for point in points if point.done is not None]
    today = done[-1].on if done else points[0].on
    done_end, waiting_end = _end_labels(scale, done[-1], waiting) if done else (None, None)
    return LineChart(
        id=chart_id,
        title=title,
        description=description,
        unit=unit,
        area=PANEL,
        grid=scale.grid(),
        months=scale.months(),
        planned=_steps(scale, points[0].on, points[-1].on, due),
        done=" ".join(f"{scale.x(p.on)},{scale.y(p.done or 0)}" for p in done),
        total=_total_label(scale, total),
        planned_end=_plan_label(scale, max(due), total, today=today),
        done_end=done_end,
        waiting_end=waiting_end,
        today=_day_label(scale, today) if done else None,
        hover=hover_areas(
            PANEL, [float(scale.x(point.on)) for point in points], list(map(_describe, points))
        ),
        rows=list(points),
    )


def day_in_year(on: date, *, today: date) -> str:
    """Return `31 December`, with the year if it is not that of `today`."""
    return f"{on.day} {on:%B}" if on.year == today.year else wording.day(on)


def _steps(scale: Scale, first: date, last: date, due: Sequence[date]) -> str:
    """Return the plan from the first to the last day: level until a due date, then straight up."""
    planned = sum(is_due_by(due_on, on=first) for due_on in due)
    corners = [(first, planned)]
    for due_on in sorted(set(due)):
        if days_until_due(due_on, on=first) > 0:
            corners.append((due_on, planned))
            planned = sum(is_due_by(other, on=due_on) for other in due)
            corners.append((due_on, planned))
    corners.append((last, planned))
    return " ".join(f"{scale.x(on)},{scale.y(number)}" for on, number in corners)


def _total_label(scale: Scale, total: int) -> ChartLabel:
    y = float(scale.y(total))
    return ChartLabel(str(PANEL.left), f"{y:.1f}", f"Total {total:,}", f"{y - 5:.1f}")


def _plan_label(scale: Scale, last_due: date, total: int, *, today: date) -> ChartLabel:
    """Return the label of the last step, above the line of the total and right of its label."""
    x, y = float(scale.x(last_due)), float(scale.y(total))
    return ChartLabel(
        x=f"{max(x, PANEL.left + TOTAL_WIDTH + PLAN_WIDTH):.1f}",
        y=f"{y:.1f}",
        text=f"{total:,} due by {day_in_year(last_due, today=today)}",
        text_y=f"{y - 5:.1f}",
        point_x=f"{max(x, PANEL.left):.1f}",
    )


def _end_labels(scale: Scale, last: Point, waiting: int) -> tuple[ChartLabel, ChartLabel | None]:
    """Return the latest number implemented and, above it, the number with the waiting claims."""
    done, x = last.done or 0, scale.x(last.on)
    is_before = float(x) > PANEL.left + MIN_LABEL_WIDTH
    y, waiting_y = float(scale.y(done)), float(scale.y(done + waiting))
    text_y = min(y - 8, PANEL.axis - 8.0)
    waiting_text_y = min(waiting_y + 4, text_y - MIN_LABEL_DISTANCE)
    label = ChartLabel(x, f"{y:.1f}", f"Done {done:,}", f"{text_y:.1f}", is_before)
    if not waiting:
        return label, None
    text = f"{done + waiting:,} with the claims waiting"
    return label, ChartLabel(x, f"{waiting_y:.1f}", text, f"{waiting_text_y:.1f}", is_before)


def _day_label(scale: Scale, on: date) -> ChartLabel:
    """Return the line of the day of the figures, with its date above the chart."""
    x = scale.x(on)
    text_x = min(max(float(x), PANEL.left + UNIT_WIDTH), PANEL.right_edge - 20.0)
    return ChartLabel(f"{text_x:.1f}", "", f"{on.day} {on:%b}", "12", point_x=x)


def _describe(point: Point) -> str:
    done = "" if point.done is None else f"{point.done:,} done, "
    return f"{wording.day(point.on)}: {done}{point.planned:,} due"


def describe_progress(due: Sequence[date], *, done: int, on: date) -> str:
    """Return `12 of 50 done; 43 are due by 31 December`: those up to the next due date."""
    if not due:
        return "Nothing is planned yet"
    ahead = [due_on for due_on in due if days_until_due(due_on, on=on) >= 0]
    until = min(ahead, default=max(due))
    count = sum(is_due_by(due_on, on=until) for due_on in due)
    day, total = day_in_year(until, today=on), f"{done:,} of {len(due):,} done"
    if count == len(due):
        return f"{total}, all {'due' if ahead else 'were due'} by {day}"
    return f"{total}; {wording.are(count, 'due')} by {day}"


def describe_points(points: Sequence[Point]) -> str:
    known = [point for point in points if point.done is not None]
    if not known:
        return ""
    last = known[-1]
    return (
        f"By {wording.day(last.on)}, {last.done:,} were done and {last.planned:,} were due "
        "by their original due dates. The dashed line is the plan, the thin line the total."
    )
