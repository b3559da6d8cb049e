"""Ladder charts: the monthly status of one assignment, as small bars of rising height."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from recommendations import wording
from recommendations.rules import Status

BAR_WIDTH, HEIGHT = 10, 24
# The higher the bar, the closer to implemented, so that the shape is clear without colour.
BAR_HEIGHTS = {
    Status.NOT_STARTED: 4,
    Status.WITHDRAWN: 4,
    Status.IN_PROGRESS: 11,
    Status.EVIDENCE_SUBMITTED: 18,
    Status.IMPLEMENTED: 24,
}


@dataclass(frozen=True)
class LadderBar:
    kind: str
    x: int
    y: int
    height: int
    is_overdue: bool


@dataclass(frozen=True)
class Ladder:
    label: str
    width: int
    bars: list[LadderBar]


def ladder(statuses: Sequence[tuple[date, str, bool]]) -> Ladder:
    """Return a chart of (day, status, whether overdue), in the order of the days."""
    heights = [BAR_HEIGHTS[Status(status)] for _, status, _ in statuses]
    return Ladder(
        label=_label(statuses),
        width=BAR_WIDTH * len(statuses),
        bars=[
            LadderBar(status, BAR_WIDTH * index, HEIGHT - height, height, is_overdue)
            for index, ((_, status, is_overdue), height) in enumerate(
                zip(statuses, heights, strict=True)
            )
        ],
    )


def _label(statuses: Sequence[tuple[date, str, bool]]) -> str:
    """Return `not started, in progress by 31 March 2026, overdue`."""
    steps: list[str] = []
    previous = ""
    for on, status, _ in statuses:
        if status != previous:
            label = Status(status).label.lower()
            steps.append(f"{label} by {wording.day(on)}" if steps else label)
        previous = status
    suffix = ", overdue" if statuses and statuses[-1][2] else ""
    return (", ".join(steps) or "nothing yet") + suffix
