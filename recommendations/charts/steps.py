"""How one assignment climbed from month to month: a small drawing, one of many alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from recommendations import wording
from recommendations.rules import Status

STEP, HEIGHT = 10, 24
# A higher rung is nearer to done, so that the shape tells it without colour.
RUNGS = {
    Status.NOT_STARTED: 4,
    Status.WITHDRAWN: 4,
    Status.IN_PROGRESS: 11,
    Status.EVIDENCE_SUBMITTED: 18,
    Status.IMPLEMENTED: 24,
}


@dataclass(frozen=True)
class Bar:
    kind: str
    x: int
    y: int
    height: int
    is_overdue: bool


@dataclass(frozen=True)
class Ladder:
    label: str
    width: int
    bars: list[Bar]


def ladder(stood: Sequence[tuple[date, str, bool]]) -> Ladder:
    """Days in order, each with the status and whether it was overdue then."""
    return Ladder(
        label=_label(stood),
        width=STEP * len(stood),
        bars=[
            Bar(
                kind=status,
                x=STEP * place,
                y=HEIGHT - RUNGS[Status(status)],
                height=RUNGS[Status(status)],
                is_overdue=is_overdue,
            )
            for place, (_, status, is_overdue) in enumerate(stood)
        ],
    )


def _label(stood: Sequence[tuple[date, str, bool]]) -> str:
    """`not started until 31 March 2026, then in progress (overdue at last)`."""
    steps: list[str] = []
    before = ""
    for on, status, _ in stood:
        if status != before:
            label = Status(status).label.lower()
            steps.append(f"{label} by {wording.day(on)}" if steps else label)
        before = status
    end = ", overdue" if stood and stood[-1][2] else ""
    return (", ".join(steps) or "nothing yet") + end
