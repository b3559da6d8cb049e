"""Several figures against time, each line with its name at its end."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from recommendations import wording
from recommendations.charts.axes import WIDE, Area, Mark, Scale, apart
from recommendations.charts.table import Table, Value

LABEL_GAP = 17
ROOMY = replace(WIDE, right=96)  # for a word and a number


@dataclass(frozen=True)
class Series:
    """`kind` gives the line its colour and dash; one value for each day."""

    kind: str
    label: str
    values: Sequence[int]


@dataclass(frozen=True)
class Line:
    kind: str
    points: str
    end: Mark


@dataclass(frozen=True, kw_only=True)
class SeriesChart:
    id: str
    title: str
    description: str
    area: Area
    grid: list[Mark]
    months: list[Mark]
    lines: list[Line]
    table: Table


def series_chart(
    days: Sequence[date],
    series: Sequence[Series],
    *,
    chart_id: str,
    title: str,
    area: Area = ROOMY,
) -> SeriesChart | None:
    """None without days."""
    if not days:
        return None
    highest = max((max(each.values) for each in series), default=0)
    scale = Scale.of(area, days[0], days[-1], highest=highest)
    heights = apart([float(scale.y(each.values[-1])) for each in series], gap=LABEL_GAP)
    rows: list[list[Value]] = [
        [on, *(each.values[place] for each in series)] for place, on in enumerate(days)
    ]
    return SeriesChart(
        id=chart_id,
        title=title,
        description=_description(days, series),
        area=area,
        grid=scale.grid(),
        months=scale.months(),
        lines=[
            Line(
                kind=each.kind,
                points=" ".join(
                    f"{scale.x(on)},{scale.y(value)}"
                    for on, value in zip(days, each.values, strict=True)
                ),
                end=Mark(
                    x=scale.x(days[-1]),
                    y=scale.y(each.values[-1]),
                    text=f"{each.label} {each.values[-1]:,}",
                    text_y=f"{height + 5:.1f}",
                ),
            )
            for each, height in zip(series, heights, strict=True)
        ],
        table=Table(
            name=chart_id,
            title=title,
            head=["By the end of", *(each.label for each in series)],
            rows=rows,
        ),
    )


def _description(days: Sequence[date], series: Sequence[Series]) -> str:
    moved = [f"{s.label.lower()} from {s.values[0]:,} to {s.values[-1]:,}" for s in series]
    return f"From {wording.day(days[0])} to {wording.day(days[-1])}: {', '.join(moved)}."
