"""Burn-up charts: a line of implemented recommendations against a line of planned ones."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from recommendations import wording
from recommendations.charts.axes import WIDE, Area, Chart, ChartLabel, Scale

MIN_LABEL_DISTANCE = 18


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
    planned: str
    done: str
    planned_end: ChartLabel
    done_end: ChartLabel | None
    rows: list[Point]

    @property
    def width(self) -> int:
        return self.area.width

    @property
    def height(self) -> int:
        return self.area.height


def line_chart(
    points: Sequence[Point],
    *,
    chart_id: str,
    title: str,
    description: str,
    area: Area = WIDE,
    highest: int = 0,
) -> LineChart | None:
    """Return the chart, or None without points.

    `highest` is the greatest value of all small multiples, which share one scale.
    """
    if not points:
        return None
    top = max([highest, *(point.planned for point in points), *(p.done or 0 for p in points)])
    scale = Scale.of(area, points[0].on, points[-1].on, highest=top)
    done = [point for point in points if point.done is not None]
    planned_end, done_end = _end_labels(scale, points[-1], done[-1] if done else None)
    return LineChart(
        id=chart_id,
        title=title,
        description=description,
        area=area,
        grid=scale.grid(),
        months=scale.months(),
        planned=" ".join(f"{scale.x(p.on)},{scale.y(p.planned)}" for p in points),
        done=" ".join(f"{scale.x(p.on)},{scale.y(p.done or 0)}" for p in done),
        planned_end=planned_end,
        done_end=done_end,
        rows=list(points),
    )


def _end_labels(
    scale: Scale, planned: Point, done: Point | None
) -> tuple[ChartLabel, ChartLabel | None]:
    """Return the last points with their labels, moved apart if they would overlap."""
    planned_y = float(scale.y(planned.planned))
    planned_label = ChartLabel(
        scale.x(planned.on), f"{planned_y:.1f}", f"Plan {planned.planned:,}", f"{planned_y + 5:.1f}"
    )
    if done is None or done.done is None:
        return planned_label, None
    done_y = float(scale.y(done.done))
    done_label = ChartLabel(scale.x(done.on), f"{done_y:.1f}", f"Done {done.done:,}")
    if done.on < planned.on:
        return planned_label, replace(done_label, text_y=f"{done_y - 12:.1f}", is_before=True)
    shift = MIN_LABEL_DISTANCE / 2 if abs(done_y - planned_y) < MIN_LABEL_DISTANCE else 0
    down = shift if done_y >= planned_y else -shift
    return (
        replace(planned_label, text_y=f"{planned_y + 5 - down:.1f}"),
        replace(done_label, text_y=f"{done_y + 5 + down:.1f}"),
    )


def describe_progress(points: Sequence[Point], *, total: int) -> str:
    """Return a title that says what is done, what is left of `total`, and what was due by then."""
    known = [point for point in points if point.done is not None]
    if not known:
        return "Nothing is planned yet"
    last = known[-1]
    done = last.done or 0
    return (
        f"{done:,} of {total:,} implemented, {max(total - done, 0):,} left; "
        f"{last.planned:,} were due by {wording.day(last.on)}"
    )


def describe_points(points: Sequence[Point]) -> str:
    known = [point for point in points if point.done is not None]
    if not known:
        return ""
    last = known[-1]
    return (
        f"By {wording.day(last.on)}, {last.done:,} were implemented and {last.planned:,} were due "
        "by their original due dates. The dashed line is the plan."
    )
