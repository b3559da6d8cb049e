"""A line against time: what was done, beside what was planned."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from recommendations import wording
from recommendations.charts.axes import WIDE, Area, Mark, Scale

LABEL_GAP = 18  # the least distance between two direct labels


@dataclass(frozen=True)
class Point:
    """What was planned and what was done by the end of one day; `done` is None in the future."""

    on: date
    planned: int
    done: int | None


@dataclass(frozen=True, kw_only=True)
class LineChart:
    """Ready to draw. The rows are the same values for the table beside it."""

    id: str
    title: str
    description: str
    width: int
    height: int
    left: int
    right: int  # x of the right edge
    bottom: int  # y of the axis
    grid: list[Mark]
    months: list[Mark]
    planned: str
    done: str
    planned_end: Mark
    done_end: Mark | None
    rows: list[Point]


def line_chart(
    points: Sequence[Point],
    *,
    chart_id: str,
    title: str,
    description: str,
    area: Area = WIDE,
    highest: int = 0,
) -> LineChart | None:
    """None without points; one point is drawn as a point.

    `highest` is what small multiples have in common: the greatest value of any of them.
    """
    if not points:
        return None
    top = max([highest, *(each.planned for each in points), *(each.done or 0 for each in points)])
    scale = Scale.of(area, points[0].on, points[-1].on, highest=top)
    done = [each for each in points if each.done is not None]
    planned_end, done_end = _ends(scale, points[-1], done[-1] if done else None)
    return LineChart(
        id=chart_id,
        title=title,
        description=description,
        width=area.width,
        height=area.height,
        left=area.left,
        right=area.right_edge,
        bottom=area.axis,
        grid=scale.grid(),
        months=scale.months(),
        planned=" ".join(f"{scale.x(p.on)},{scale.y(p.planned)}" for p in points),
        done=" ".join(f"{scale.x(p.on)},{scale.y(p.done or 0)}" for p in done),
        planned_end=planned_end,
        done_end=done_end,
        rows=list(points),
    )


def _ends(scale: Scale, planned: Point, done: Point | None) -> tuple[Mark, Mark | None]:
    """The last points with their names, moved apart where they would overlap."""
    plan_y = float(scale.y(planned.planned))
    plan_mark = Mark(scale.x(planned.on), f"{plan_y:.1f}", f"Plan {planned.planned:,}")
    if done is None or done.done is None:
        return replace(plan_mark, text_y=f"{plan_y + 5:.1f}"), None
    done_y = float(scale.y(done.done))
    done_mark = Mark(scale.x(done.on), f"{done_y:.1f}", f"Done {done.done:,}")
    if done.on < planned.on:
        above = replace(done_mark, text_y=f"{done_y - 12:.1f}", is_before=True)
        return replace(plan_mark, text_y=f"{plan_y + 5:.1f}"), above
    apart = LABEL_GAP / 2 if abs(done_y - plan_y) < LABEL_GAP else 0
    down = apart if done_y >= plan_y else -apart
    return (
        replace(plan_mark, text_y=f"{plan_y + 5 - down:.1f}"),
        replace(done_mark, text_y=f"{done_y + 5 + down:.1f}"),
    )


def gap_words(points: Sequence[Point]) -> str:
    """Whether the latest known point is behind the plan, in a title's words."""
    known = [each for each in points if each.done is not None]
    if not known:
        return "Nothing is planned yet"
    gap = known[-1].planned - (known[-1].done or 0)
    if gap > 0:
        return f"Implementation is {gap:,} behind the plan"
    return "Implementation is on plan" if gap == 0 else f"Implementation is {-gap:,} ahead of plan"


def describe(points: Sequence[Point]) -> str:
    known = [each for each in points if each.done is not None]
    if not known:
        return ""
    last = known[-1]
    return (
        f"By {wording.day(last.on)}, {last.done:,} were implemented and {last.planned:,} were due "
        "by their original due dates. The dashed line is the plan."
    )
