"""Axes and scales of charts: the drawing area, its grid and its months."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Self


@dataclass(frozen=True, kw_only=True)
class PlotArea:
    """The size and margins of a drawing, in SVG units."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    max_grid_lines: int = 5  # above the axis
    max_labels: int = 8  # below the axis

    @property
    def right_edge(self) -> int:
        return self.width - self.right

    @property
    def axis(self) -> int:
        """y of the axis."""
        return self.height - self.bottom

    @property
    def plot_width(self) -> int:
        return self.right_edge - self.left

    @property
    def plot_height(self) -> int:
        return self.axis - self.top


# Every chart has this size, so that three fit in a row and their letters are equally large. The
# first line of the top margin is for the unit, the second for names of lines.
PANEL = PlotArea(width=412, height=184, left=34, right=10, top=36, bottom=22, max_labels=6)


@dataclass(frozen=True, kw_only=True)
class Chart:
    """What all charts with axes have; `id` is unique in a page."""

    id: str
    title: str
    description: str
    unit: str  # of the vertical axis
    area: PlotArea
    grid: list["ChartLabel"]


@dataclass(frozen=True)
class ChartLabel:
    """A point and its text; `text_y` is the baseline of the text."""

    x: str
    y: str
    text: str
    text_y: str = ""
    is_before: bool = False  # the text ends at the point, because the line continues after it
    point_x: str = ""  # of the point, if the text is elsewhere


@dataclass(frozen=True)
class HoverArea:
    """An invisible part of a chart whose values are shown when the pointer is over it."""

    x: str
    width: str
    text: str


def hover_areas(area: PlotArea, centres: list[float], texts: list[str]) -> list[HoverArea]:
    """Return areas as high as the chart; they meet half-way between the centres."""
    middles = [(a + b) / 2 for a, b in pairwise(centres)]
    edges = [area.left, *middles, area.right_edge]
    return [
        HoverArea(f"{left:.1f}", f"{right - left:.1f}", text)
        for (left, right), text in zip(pairwise(edges), texts, strict=True)
    ]


def grid_step(highest: int, max_lines: int) -> int:
    """Return the distance of the grid lines: 1, 2 or 5 times a power of ten."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if step * max_lines >= highest:
                return step
        size *= 10


@dataclass(frozen=True)
class VerticalScale:
    """Numbers from `low` at the axis to `high` at the top, with a grid line every `step`."""

    area: PlotArea
    low: int
    high: int
    step: int

    @classmethod
    def of(cls, area: PlotArea, *, highest: int, lowest: int = 0) -> Self:
        """Return a scale that ends at grid lines."""
        step = grid_step(highest - lowest, area.max_grid_lines)
        return cls(area, step * (lowest // step), step * max(1, -(-highest // step)), step)

    def y(self, value: float) -> float:
        height = self.area.plot_height * (value - self.low) / (self.high - self.low)
        return self.area.axis - height

    def grid(self, text_of: Callable[[int], str] = "{:,}".format) -> list[ChartLabel]:
        """Return the grid lines from the axis up, with their texts."""
        return [
            ChartLabel(
                x=str(self.area.left - 6),
                y=f"{self.y(value):.1f}",
                text=text_of(value),
                text_y=f"{self.y(value) + 4:.1f}",
            )
            for value in range(self.low, self.high + 1, self.step)
        ]


@dataclass(frozen=True)
class Scale:
    """A horizontal scale of days and a vertical one of whole numbers from 0."""

    area: PlotArea
    first: date
    last: date
    vertical: VerticalScale

    @classmethod
    def of(cls, area: PlotArea, first: date, last: date, *, highest: int) -> Self:
        return cls(area, first, last, VerticalScale.of(area, highest=highest))

    def x(self, on: date) -> str:
        days = max((self.last - self.first).days, 1)
        return f"{self.area.left + self.area.plot_width * (on - self.first).days / days:.1f}"

    def y(self, value: float) -> str:
        return f"{self.vertical.y(value):.1f}"

    def grid(self) -> list[ChartLabel]:
        return self.vertical.grid()

    def months(self) -> list[ChartLabel]:
        """Return labels at the first of each month, or of every second, third... month."""
        first = self.first.year * 12 + self.first.month - 1
        last = self.last.year * 12 + self.last.month - 1
        interval = next(
            n for n in (1, 2, 3, 6, 12, 24, 60, 120) if (last - first) / n <= self.area.max_labels
        )
        firsts = [date(month // 12, month % 12 + 1, 1) for month in range(first, last + 1)]
        return [
            ChartLabel(
                x=self.x(on),
                y=str(self.area.height - 6),
                text=f"{on:%Y}" if interval >= 12 or on.month == 1 else f"{on:%b}",
            )
            for on in firsts
            if on >= self.first and (on.month - 1) % interval == 0
        ]


def spread_labels(ideal: list[float], *, gap: float) -> list[float]:
    """Return heights at least `gap` apart, in the same order and close to the ideal ones."""
    order = sorted(range(len(ideal)), key=lambda index: ideal[index])
    heights = [ideal[index] for index in order]
    for _ in range(50):
        has_moved = False
        for lower in range(1, len(heights)):
            missing = gap - (heights[lower] - heights[lower - 1])
            if missing > 0.05:
                heights[lower - 1] -= missing / 2
                heights[lower] += missing / 2
                has_moved = True
        if not has_moved:
            break
    spread = [0.0] * len(ideal)
    for index, height in zip(order, heights, strict=True):
        spread[index] = height
    return spread
