"""One bar cut by status: what of all is done, what waits, what has not begun."""

from collections.abc import Mapping
from dataclasses import dataclass

from recommendations.rules import Status

ORDER = (
    Status.IMPLEMENTED,
    Status.EVIDENCE_SUBMITTED,
    Status.IN_PROGRESS,
    Status.NOT_STARTED,
    Status.WITHDRAWN,
)


@dataclass(frozen=True)
class Part:
    kind: str
    x: str  # of 100
    width: str


@dataclass(frozen=True)
class StackedBar:
    label: str
    parts: list[Part]


def stacked_bar(counts: Mapping[Status, int]) -> StackedBar:
    """Parts in the order of the statuses; a status with nothing in it has none."""
    total = sum(counts.values())
    parts = []
    before = 0
    for status in ORDER:
        if number := counts.get(status, 0):
            x, width = 100 * before / total, 100 * number / total
            parts.append(Part(status.value, f"{x:.2f}", f"{width:.2f}"))
            before += number
    words = [f"{counts[s]:,} {s.label.lower()}" for s in ORDER if counts.get(s)]
    return StackedBar(label=", ".join(words) or "Nothing assigned", parts=parts)
