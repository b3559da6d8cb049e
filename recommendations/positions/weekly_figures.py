"""The national figures, and how they have changed since the end of the same day a week before.

Pages, files, emails and the API show the four of `weekly_figures`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from recommendations.positions.positions import Position
from recommendations.rules import Flag, Status

OVERDUE = "Overdue"
NAMES = {
    "Implemented": Status.IMPLEMENTED,
    OVERDUE: None,
    "Evidence awaiting review": Status.EVIDENCE_SUBMITTED,
    "Not started": Status.NOT_STARTED,
}


@dataclass(frozen=True, kw_only=True)
class WeeklyFigure:
    """One figure. `change` is None if there were no positions a week before."""

    name: str
    status: Status | None  # None: those with the flag of that name
    count: int
    bodies_count: int  # organisations that have at least one of them
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
    return [_figure(name, status, now, before) for name, status in NAMES.items()]


def at_risk_figure(positions: Iterable[Position], *, week_ago: Iterable[Position]) -> WeeklyFigure:
    """Return a fifth figure, which the API and trends lack: past days have no counts of it."""
    return _figure(Flag.AT_RISK.label, None, list(positions), list(week_ago))


def _figure(
    name: str, status: Status | None, now: list[Position], before: list[Position]
) -> WeeklyFigure:
    is_counted = _condition(name, status)
    counted = [position for position in now if is_counted(position)]
    return WeeklyFigure(
        name=name,
        status=status,
        count=len(counted),
        bodies_count=len({position.body_id for position in counted}),
        change=len(counted) - sum(map(is_counted, before)) if before else None,
    )


def _condition(name: str, status: Status | None) -> Callable[[Position], bool]:
    if status is not None:
        return lambda position: position.status == status
    flag = next(flag for flag in Flag if flag.label == name)
    return lambda position: position.has(flag)
