"""A line against time: what was done, beside what was planned."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from recommendations import wording

WIDTH, HEIGHT = 480, 300
LEFT, RIGHT, TOP, BOTTOM = 44, 72, 20, 28  # room for the labels round the drawing
LABEL_GAP = 18  # the least distance between two direct labels
GRID_LINES = 5  # at most, above the axis
MONTHS_SHOWN = 8


@dataclass(frozen=True)
class Point:
    """What was planned and what was done by the end of one day; `done` is None in the future."""

    on: date
    planned: int
    done: int | None


@dataclass(frozen=True)
class Mark:
    """A text at a place; `text_y` is where its letters stand."""

    x: str
    y: str
    text: str
    text_y: str = ""
    is_before: bool = False  # the text ends above the point, where the line goes on beside it


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
    points: Sequence[Point], *, chart_id: str, title: str, description: str
) -> LineChart | None:
    """None without points; one point is drawn as a point."""
    if not points:
        return None
    highest = max([each.planned for each in points] + [each.done or 0 for each in points])
    step = _round_step(highest)
    lines = max(1, -(-highest // step))
    scale = _Scale(points[0].on, points[-1].on, top=step * lines)
    done = [each for each in points if each.done is not None]
    planned_end, done_end = _ends(scale, points[-1], done[-1] if done else None)
    return LineChart(
        id=chart_id,
        title=title,
        description=description,
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        bottom=HEIGHT - BOTTOM,
        grid=[scale.grid_line(step * number) for number in range(lines + 1)],
        months=scale.months(),
        planned=" ".join(f"{scale.x(p.on)},{scale.y(p.planned)}" for p in points),
        done=" ".join(f"{scale.x(p.on)},{scale.y(p.done or 0)}" for p in done),
        planned_end=planned_end,
        done_end=done_end,
        rows=list(points),
    )


def _round_step(highest: int) -> int:
    """The distance of the grid lines: 1, 2 or 5 times a power of ten, few of which are enough."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if step * GRID_LINES >= highest:
                return step
        size *= 10


@dataclass(frozen=True)
class _Scale:
    first: date
    last: date
    top: int

    def x(self, on: date) -> str:
        days = max((self.last - self.first).days, 1)
        return f"{LEFT + (WIDTH - LEFT - RIGHT) * (on - self.first).days / days:.1f}"

    def y(self, value: int) -> str:
        return f"{HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / self.top:.1f}"

    def grid_line(self, value: int) -> Mark:
        y = self.y(value)
        return Mark(x=str(LEFT - 8), y=y, text=f"{value:,}", text_y=f"{float(y) + 5:.1f}")

    def months(self) -> list[Mark]:
        """The first of the months, or of every second, third, ... where there are many."""
        first = self.first.year * 12 + self.first.month - 1
        last = self.last.year * 12 + self.last.month - 1
        every = next(n for n in (1, 2, 3, 6, 12, 24, 60, 120) if (last - first) / n <= MONTHS_SHOWN)
        firsts = [date(month // 12, month % 12 + 1, 1) for month in range(first, last + 1)]
        shown = [on for on in firsts if on >= self.first and (on.month - 1) % every == 0]
        is_long = every >= 12
        return [
            Mark(
                x=self.x(on),
                y=str(HEIGHT - 8),
                text=f"{on:%Y}" if is_long or (on.month == 1) else f"{on:%b}",
            )
            for on in shown
        ]


def _ends(scale: _Scale, planned: Point, done: Point | None) -> tuple[Mark, Mark | None]:
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
