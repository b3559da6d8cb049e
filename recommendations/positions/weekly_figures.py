"""The four national figures, and how they have changed since the end of the same day a week before.

Pages, files, emails and the API show these.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from recommendations.positions.positions import Position
from recommendations.rules import Status

OVERDUE = "Overdue"
NAMES = {
    "Implemented": Status.IMPLEMENTED,
    OVERDUE: None,
    "Evidence awaiting review": Status.EVIDENCE_SUBMITTED,
    "Not started": Status.NOT_STARTED,
}


@dataclass(frozen=True)
class WeeklyFigure:
    """One figure. `change` is None if there were no positions a week before."""

    name: str
    status: Status | None  # None: the overdue ones
    count: int
    change: int | None

    @property
    def change_text(self) -> str:
        """Return `up 2`, `down 1`, `no change` or `no earlier figure`."""
        if self.change is None:
            return "no earlier figure"
        if self.change == 0:
            return "no change"
        return f"{'up' if self.change > 0 else 'down'} {abs(self.change):,}"


def weekly_figures(
    positions: Iterable[Position], *, week_ago: Iterable[Position]
) -> list[WeeklyFigure]:
    """Return the figures of these positions, compared with those at `rules.week_before`."""
    now, before = list(positions), list(week_ago)
    counts, earlier = _counts(now), _counts(before)
    return [
        WeeklyFigure(
            name=name,
            status=status,
            count=counts[name],
            change=counts[name] - earlier[name] if before else None,
        )
        for name, status in NAMES.items()
    ]


def _counts(positions: list[Position]) -> dict[str, int]:
    statuses = Counter(position.status for position in positions)
    overdue = sum(position.is_overdue for position in positions)
    return {name: statuses[status] if status else overdue for name, status in NAMES.items()}
