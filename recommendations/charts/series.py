"""Series charts: several lines against time, each with its name at its end."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from recommendations import wording
from recommendations.charts.axes import (
    PANEL,
    Chart,
    ChartLabel,
    HoverArea,
    Scale,
    hover_areas,
    spread_labels,
)
from recommendations.charts.table import Table, Value

MIN_LABEL_DISTANCE = 17
SERIES_AREA = replace(PANEL, right=96, top=24)  # space for a word and a number


@dataclass(frozen=True)
class Series:
    """One value for each day; `kind` sets the line's colour and dash."""

    kind: str
    label: str
    values: Sequence[int]


@dataclass(frozen=True)
class SeriesLine:
    kind: str
    points: str
    end: ChartLabel


@dataclass(frozen=True, kw_only=True)
class SeriesChart(Chart):
    months: list[ChartLabel]
    lines: list[SeriesLine]
    hover: list[HoverArea]
    table: Table


def series_chart(
    days: Sequence[date], series: Sequence[Series], *, chart_id: str, title: str, unit: str
) -> SeriesChart | None:
    """Return the chart, or None without days."""
    if not days:
        return None
    highest = max((max(line.values) for line in series), default=0)
    scale = Scale.of(SERIES_AREA, days[0], days[-1], highest=highest)
    ends = [float(scale.y(line.values[-1])) for line in series]
    heights = spread_labels(ends, gap=MIN_LABEL_DISTANCE)
    rows: list[list[Value]] = [
        [on, *(line.values[index] for line in series)] for index, on in enumerate(days)
    ]
    return SeriesChart(
        id=chart_id,
        title=title,
        description=_description(days, series),
        unit=unit,
        area=SERIES_AREA,
        grid=scale.grid(),
        months=scale.months(),
        lines=[
            _line(scale, days, line, label_y=height)
            for line, height in zip(series, heights, strict=True)
        ],
        hover=hover_areas(
            SERIES_AREA,
            [float(scale.x(on)) for on in days],
            [_describe(on, series, index) for index, on in enumerate(days)],
        ),
        table=Table(
            name=chart_id,
            title=title,
            head=["By the end of", *(line.label for line in series)],
            rows=rows,
        ),
    )


def _line(scale: Scale, days: Sequence[date], series: Series, *, label_y: float) -> SeriesLine:
    points = zip(days, series.values, strict=True)
    return SeriesLine(
        kind=series.kind,
        points=" ".join(f"{scale.x(on)},{scale.y(value)}" for on, value in points),
        end=ChartLabel(
            x=scale.x(days[-1]),
            y=scale.y(series.values[-1]),
            text=f"{series.label} {series.values[-1]:,}",
            text_y=f"{label_y + 5:.1f}",
        ),
    )


def _describe(on: date, series: Sequence[Series], index: int) -> str:
    values = (f"{line.label} {line.values[index]:,}" for line in series)
    return f"{wording.day(on)}: {', '.join(values)}"


def _description(days: Sequence[date], series: Sequence[Series]) -> str:
    changes = [f"{s.label.lower()} from {s.values[0]:,} to {s.values[-1]:,}" for s in series]
    return f"From {wording.day(days[0])} to {wording.day(days[-1])}: {', '.join(changes)}."
