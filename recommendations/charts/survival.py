"""Charts of how many lines stay closed: steps with their confidence interval as a band."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from recommendations.charts.axes import PANEL, Chart, ChartLabel, VerticalScale, spread_labels
from recommendations.survival import Estimate

SURVIVAL_AREA = replace(PANEL, right=120, top=24, max_grid_lines=4)  # space for names at the right
MIN_LABEL_DISTANCE = 16


@dataclass(frozen=True)
class Curve:
    """A step line and its band; `kind` sets the dash."""

    kind: str  # first, second
    points: str
    band: str
    end: ChartLabel


@dataclass(frozen=True, kw_only=True)
class SurvivalChart(Chart):
    days: list[ChartLabel]
    curves: list[Curve]


def survival_chart(
    groups: Sequence[tuple[str, Sequence[Estimate]]],
    *,
    days: Sequence[int],
    chart_id: str,
    title: str,
    description: str,
) -> SurvivalChart | None:
    """Return the chart of named estimates, or None if none has any."""
    drawn = [(label, estimates) for label, estimates in groups if estimates]
    if not drawn:
        return None
    scale = VerticalScale.of(SURVIVAL_AREA, highest=100)
    ideal = [scale.y(100 * estimates[-1].share) + 4 for _, estimates in drawn]
    heights = spread_labels(ideal, gap=MIN_LABEL_DISTANCE)
    return SurvivalChart(
        id=chart_id,
        title=title,
        description=description,
        unit="Still closed",
        area=SURVIVAL_AREA,
        grid=scale.grid("{}%".format),
        days=[
            ChartLabel(f"{_x(day, days):.1f}", str(SURVIVAL_AREA.height - 6), f"{day} days")
            for day in days
        ],
        curves=[
            _curve(kind, label, estimates, scale=scale, days=days, label_y=height)
            for kind, (label, estimates), height in zip(
                ("first", "second"), drawn, heights, strict=False
            )
        ],
    )


def _x(day: int, days: Sequence[int]) -> float:
    return SURVIVAL_AREA.left + SURVIVAL_AREA.plot_width * day / days[-1]


def _curve(
    kind: str,
    label: str,
    estimates: Sequence[Estimate],
    *,
    scale: VerticalScale,
    days: Sequence[int],
    label_y: float,
) -> Curve:
    last = estimates[-1]
    upper = _steps([(each.day, each.high) for each in estimates], scale, days)
    lower = _steps([(each.day, each.low) for each in estimates], scale, days)
    return Curve(
        kind=kind,
        points=" ".join(_steps([(each.day, each.share) for each in estimates], scale, days)),
        band=" ".join([*upper, *reversed(lower)]),
        end=ChartLabel(
            x=f"{_x(last.day, days):.1f}",
            y=f"{scale.y(100 * last.share):.1f}",
            text=f"{label} {last.share:.0%}",
            text_y=f"{label_y:.1f}",
        ),
    )


def _steps(
    values: Sequence[tuple[int, float]], scale: VerticalScale, days: Sequence[int]
) -> list[str]:
    """Return corners from 100% at day 0: level until a check-back, then straight down."""
    corners, level = [(0, 1.0)], 1.0
    for day, share in values:
        corners += [(day, level), (day, share)]
        level = share
    return [f"{_x(day, days):.1f},{scale.y(100 * share):.1f}" for day, share in corners]
