"""Where values and days stand on a drawing: its room, its grid, its months."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Area:
    """The room of a drawing and its margins, in units of the drawing."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    grid_lines: int = 5  # at most, above the axis
    months: int = 8  # named, at most

    @property
    def right_edge(self) -> int:
        return self.width - self.right

    @property
    def axis(self) -> int:
        """y of the axis."""
        return self.height - self.bottom


# Room for the labels round the drawing; of small multiples, and of a chart that stands alone.
WIDE = Area(width=480, height=300, left=44, right=72, top=20, bottom=28)
SMALL = Area(width=280, height=170, left=34, right=58, top=14, bottom=26, grid_lines=2, months=3)


@dataclass(frozen=True)
class Mark:
    """A text at a place; `text_y` is where its letters stand."""

    x: str
    y: str
    text: str
    text_y: str = ""
    is_before: bool = False  # the text ends above the point, where the line goes on beside it


def round_step(highest: int, lines: int) -> int:
    """The distance of the grid lines: 1, 2 or 5 times a power of ten, few of which are enough."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if step * lines >= highest:
                return step
        size *= 10


@dataclass(frozen=True)
class Scale:
    """Days across, whole numbers from 0 upwards."""

    area: Area
    first: date
    last: date
    step: int
    lines: int

    @classmethod
    def of(cls, area: Area, first: date, last: date, *, highest: int) -> "Scale":
        step = round_step(highest, area.grid_lines)
        return cls(area, first, last, step, max(1, -(-highest // step)))

    def x(self, on: date) -> str:
        area, days = self.area, max((self.last - self.first).days, 1)
        wide = area.width - area.left - area.right
        return f"{area.left + wide * (on - self.first).days / days:.1f}"

    def y(self, value: float) -> str:
        area = self.area
        high = area.height - area.top - area.bottom
        return f"{area.axis - high * value / (self.step * self.lines):.1f}"

    def grid(self) -> list[Mark]:
        return [self._grid_line(self.step * number) for number in range(self.lines + 1)]

    def _grid_line(self, value: int) -> Mark:
        y = self.y(value)
        x = str(self.area.left - 8)
        return Mark(x=x, y=y, text=f"{value:,}", text_y=f"{float(y) + 5:.1f}")

    def months(self) -> list[Mark]:
        """The first of the months, or of every second, third, ... where there are many."""
        first = self.first.year * 12 + self.first.month - 1
        last = self.last.year * 12 + self.last.month - 1
        every = next(
            n for n in (1, 2, 3, 6, 12, 24, 60, 120) if (last - first) / n <= self.area.months
        )
        firsts = [date(month // 12, month % 12 + 1, 1) for month in range(first, last + 1)]
        shown = [on for on in firsts if on >= self.first and (on.month - 1) % every == 0]
        return [
            Mark(
                x=self.x(on),
                y=str(self.area.height - 8),
                text=f"{on:%Y}" if every >= 12 or on.month == 1 else f"{on:%b}",
            )
            for on in shown
        ]


def apart(wanted: list[float], *, gap: float) -> list[float]:
    """Heights of direct labels, in their order, moved as little as keeps them `gap` apart."""
    places = sorted(range(len(wanted)), key=lambda place: wanted[place])
    heights = [wanted[place] for place in places]
    for _ in range(50):
        moved = False
        for lower in range(1, len(heights)):
            missing = gap - (heights[lower] - heights[lower - 1])
            if missing > 0.05:
                heights[lower - 1] -= missing / 2
                heights[lower] += missing / 2
                moved = True
        if not moved:
            break
    found = [0.0] * len(wanted)
    for place, height in zip(places, heights, strict=True):
        found[place] = height
    return found
