"""One bar cut in parts: by status, or by anything else that adds up to a whole."""

from collections.abc import Iterable, Mapping
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
    cut = [(status.value, status.label.lower(), counts.get(status, 0)) for status in ORDER]
    return bar_of(cut, none="Nothing assigned")


def bar_of(cut: Iterable[tuple[str, str, int]], *, none: str) -> StackedBar:
    """Kind, words and number of each part, in order; `none` is said of an empty bar."""
    shown = [part for part in cut if part[2]]
    total = sum(number for *_, number in shown)
    parts = []
    before = 0
    for kind, _, number in shown:
        x, width = 100 * before / total, 100 * number / total
        parts.append(Part(kind, f"{x:.2f}", f"{width:.2f}"))
        before += number
    words = [f"{number:,} {words}" for _, words, number in shown]
    return StackedBar(label=", ".join(words) or none, parts=parts)
