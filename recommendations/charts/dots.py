"""Dot plots: one dot for each force, sorted by how many days late its forecast is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from recommendations import wording
from recommendations.charts.axes import (
    PANEL,
    Chart,
    ChartLabel,
    HoverArea,
    VerticalScale,
    hover_areas,
)

DOT_AREA = replace(PANEL, left=40, top=24, max_grid_lines=7)
MIN_REACH_DAYS = 30  # above and below the due date


@dataclass(frozen=True)
class Forecast:
    """The first and the latest forecast of one force, in days after its due date."""

    force: str
    first: int
    latest: int


@dataclass(frozen=True)
class Dot:
    kind: str  # late, on-time
    x: str
    y: str
    first_y: str  # of the first forecast


@dataclass(frozen=True, kw_only=True)
class DotChart(Chart):
    zero: str  # y of the due date
    dots: list[Dot]
    end: ChartLabel  # how many are late
    hover: list[HoverArea]


def dot_chart(
    forecasts: Sequence[Forecast], *, reach: tuple[int, int], chart_id: str, title: str
) -> DotChart | None:
    """Return a chart in which later is higher, or None without forecasts.

    `reach` (the earliest and the latest day that all small multiples show) gives one scale.
    """
    if not forecasts:
        return None
    area = DOT_AREA
    scale = VerticalScale.of(
        area, lowest=min(reach[0], -MIN_REACH_DAYS), highest=max(reach[1], MIN_REACH_DAYS)
    )
    ordered = sorted(forecasts, key=lambda forecast: (forecast.latest, forecast.force))
    width = area.plot_width / len(ordered)
    centres = [area.left + width * (place + 0.5) for place in range(len(ordered))]
    late = sum(forecast.latest > 0 for forecast in ordered)
    return DotChart(
        id=chart_id,
        title=title,
        description="A dot for each force, sorted by its latest forecast. A thin line leads from "
        "its first forecast. Above the line of the due date is late.",
        unit="Days after the due date",
        area=area,
        grid=scale.grid(_axis_text),
        zero=f"{scale.y(0):.1f}",
        dots=[_dot(scale, forecast, x) for forecast, x in zip(ordered, centres, strict=True)],
        end=ChartLabel(
            str(area.right_edge), "", f"{late} of {wording.count(len(ordered), 'force')} late", "12"
        ),
        hover=hover_areas(area, centres, list(map(_describe, ordered))),
    )


def _dot(scale: VerticalScale, forecast: Forecast, x: float) -> Dot:
    """Return the dot; days beyond the scale are at its end."""

    def y(days: int) -> str:
        return f"{scale.y(max(scale.low, min(scale.high, days))):.1f}"

    return Dot(
        kind="late" if forecast.latest > 0 else "on-time",
        x=f"{x:.1f}",
        y=y(forecast.latest),
        first_y=y(forecast.first),
    )


def _axis_text(days: int) -> str:
    """Return `+50`, with a true minus sign before negative numbers."""
    return f"{days:+,}".replace("-", "\N{MINUS SIGN}") if days else "due"


def _describe(forecast: Forecast) -> str:
    first = "" if forecast.first == forecast.latest else f", first forecast {_days(forecast.first)}"
    return f"{forecast.force}: {_days(forecast.latest)}{first}"


def _days(number: int) -> str:
    if number == 0:
        return "on the due date"
    return f"{wording.count(abs(number), 'day')} {'late' if number > 0 else 'early'}"
