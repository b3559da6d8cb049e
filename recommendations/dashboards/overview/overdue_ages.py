"""How long overdue recommendations have been overdue."""

from collections.abc import Iterable
from dataclasses import dataclass

from recommendations import wording
from recommendations.charts.stacked_bar import StackedBar, stacked_bar
from recommendations.positions.positions import Position
from recommendations.rules import OVERDUE_BANDS, overdue_band


@dataclass(frozen=True)
class AgeBand:
    kind: str  # age-1, age-2, age-3
    label: str
    count: int


@dataclass(frozen=True)
class Ages:
    message: str
    bar: StackedBar
    bands: list[AgeBand]


def overdue_by_age(positions: Iterable[Position]) -> Ages:
    """Return the number of overdue positions in each band of OVERDUE_BANDS."""
    days = [position.days_overdue for position in positions if position.is_overdue]
    counts = [0] * len(OVERDUE_BANDS)
    for number in days:
        counts[overdue_band(number)] += 1
    bands = [
        AgeBand(f"age-{n}", label, count)
        for n, ((_, label), count) in enumerate(zip(OVERDUE_BANDS, counts, strict=True), 1)
    ]
    parts = [(band.kind, band.label, band.count) for band in bands]
    return Ages(
        message=_message(days, counts[-1]),
        bar=stacked_bar(parts, empty_label="Nothing overdue"),
        bands=bands,
    )


def _message(days: list[int], oldest_band: int) -> str:
    if not days:
        return "Nothing is overdue"
    if not oldest_band:
        return f"The oldest is {wording.count(max(days), 'day')} overdue"
    return f"{oldest_band:,} of {len(days):,} overdue for more than 90 days"
