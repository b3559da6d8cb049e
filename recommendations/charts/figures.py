"""Charts of published figures: a mark for each, and lines only between those that compare.

A mark shows how sure the figure is: a filled dot if it is exact, a hollow one if it is about right,
an arrow if it is the least that it can be, and a line with two ends if it is a range.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil

from recommendations.charts.axes import (
    PANEL,
    Chart,
    ChartLabel,
    HoverArea,
    Scale,
    hover_areas,
    spread_labels,
)

KEY = (
    "Filled dot: exact. Hollow dot: about. Arrow: at least, or more than. Line with two ends: "
    "between. Level line: the period. A line joins figures that compare; “break” says that two do "
    "not."
)
FIGURES_AREA = replace(PANEL, height=148, top=30, max_grid_lines=3)
MIN_LABEL_DISTANCE = 15
LABEL_WIDTH = 190  # of the longest scope
ARROW_HEIGHT = 13
MARGIN_PARTS = 40  # of the time, on both sides, so that marks stand clear of the axis

EXACT, ABOUT, LEAST, RANGE = "exact", "about", "least", "range"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure to draw: at `on`, which is the end or the middle of its period.

    `follows` says whether a line may lead to it from the figure before it in its scope, and
    `is_break` that it must not be compared with that. `bar` is the period, if it is drawn.
    """

    scope: str
    on: date
    bar: tuple[date, date] | None
    value: float
    high: float | None
    kind: str  # of the mark
    follows: bool
    is_break: bool
    words: str


@dataclass(frozen=True)
class Mark:
    kind: str
    x: str
    y: str
    high_y: str
    bar: tuple[str, str] | None  # left and right x


@dataclass(frozen=True, kw_only=True)
class FigureChart(Chart):
    months: list[ChartLabel]
    lines: list[str]
    breaks: list[str]  # x
    marks: list[Mark]
    scopes: list[ChartLabel]
    hover: list[HoverArea]


def figure_chart(
    figures: Sequence[Figure], *, chart_id: str, title: str, description: str, unit: str
) -> FigureChart | None:
    """Return the chart of figures in the order of their scopes and days, or None without any."""
    if not figures:
        return None
    days = [day for figure in figures for day in (figure.on, *(figure.bar or ()))]
    highest = max(ceil(figure.high or figure.value) for figure in figures)
    margin = (max(days) - min(days)) / MARGIN_PARTS
    scale = Scale.of(FIGURES_AREA, min(days) - margin, max(days) + margin, highest=highest)
    lines, breaks = _lines_and_breaks(scale, figures)
    by_day = sorted(figures, key=lambda figure: figure.on)
    return FigureChart(
        id=chart_id,
        title=title,
        description=description,
        unit=unit,
        area=FIGURES_AREA,
        grid=scale.grid(),
        months=scale.months(),
        lines=lines,
        breaks=breaks,
        marks=[_mark(scale, figure) for figure in figures],
        scopes=_scope_labels(scale, figures),
        hover=hover_areas(
            FIGURES_AREA,
            [float(scale.x(figure.on)) for figure in by_day],
            [figure.words for figure in by_day],
        ),
    )


def _lines_and_breaks(scale: Scale, figures: Sequence[Figure]) -> tuple[list[str], list[str]]:
    lines: list[list[str]] = []
    breaks = []
    before: Figure | None = None
    for figure in figures:
        has_earlier = before is not None and before.scope == figure.scope
        if not (has_earlier and figure.follows):
            lines.append([])
        if before is not None and has_earlier and figure.is_break:
            middle = (float(scale.x(before.on)) + float(scale.x(figure.on))) / 2
            breaks.append(f"{middle:.1f}")
        lines[-1].append(f"{scale.x(figure.on)},{scale.y(figure.value)}")
        before = figure
    return [" ".join(points) for points in lines if len(points) > 1], breaks


def _mark(scale: Scale, figure: Figure) -> Mark:
    bar = (scale.x(figure.bar[0]), scale.x(figure.bar[1])) if figure.bar else None
    high_y = f"{_top(scale, figure):.1f}"
    return Mark(figure.kind, scale.x(figure.on), scale.y(figure.value), high_y, bar)


def _top(scale: Scale, figure: Figure) -> float:
    """Return y of the upper end of a range, of the tip of an arrow, or of a dot."""
    if figure.high is not None:
        return float(scale.y(figure.high))
    return float(scale.y(figure.value)) - (ARROW_HEIGHT if figure.kind == LEAST else 0)


def _scope_labels(scale: Scale, figures: Sequence[Figure]) -> list[ChartLabel]:
    """Return the name of each scope at its last figure, if there are several."""
    last = {figure.scope: figure for figure in figures}
    if len(last) == 1:
        return []
    ideal = [_top(scale, figure) - 8 for figure in last.values()]
    heights = spread_labels(ideal, gap=MIN_LABEL_DISTANCE)
    return [
        ChartLabel(
            x=scale.x(figure.on),
            y=scale.y(figure.value),
            text=scope,
            text_y=f"{max(height, FIGURES_AREA.top - 14):.1f}",
            is_before=float(scale.x(figure.on)) > FIGURES_AREA.right_edge - LABEL_WIDTH,
        )
        for (scope, figure), height in zip(last.items(), heights, strict=True)
    ]
