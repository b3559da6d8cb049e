"""Stacked bars: one bar divided into parts that add up to a whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from recommendations.rules import Status

STATUS_ORDER = (
    Status.IMPLEMENTED,
    Status.EVIDENCE_SUBMITTED,
    Status.IN_PROGRESS,
    Status.NOT_STARTED,
    Status.WITHDRAWN,
)


@dataclass(frozen=True)
class BarPart:
    kind: str  # as in class names: "in-progress"
    x: str  # percent
    width: str


@dataclass(frozen=True)
class StackedBar:
    label: str
    parts: list[BarPart]


def status_bar(counts: Mapping[Status, int]) -> StackedBar:
    """Return a bar of the counts by status; a status without any has no part."""
    parts = [(status.value, status.label.lower(), counts.get(status, 0)) for status in STATUS_ORDER]
    return stacked_bar(parts, empty_label="Nothing assigned")


def stacked_bar(parts: Iterable[tuple[str, str, int]], *, empty_label: str) -> StackedBar:
    """Return a bar of parts given as (kind, text, number), in their order."""
    shown = [part for part in parts if part[2]]
    total = sum(number for *_, number in shown)
    bar_parts = []
    start = 0
    for kind, _, number in shown:
        x, width = 100 * start / total, 100 * number / total
        bar_parts.append(BarPart(kind.replace("_", "-"), f"{x:.2f}", f"{width:.2f}"))
        start += number
    label = ", ".join(f"{number:,} {text}" for _, text, number in shown)
    return StackedBar(label=label or empty_label, parts=bar_parts)
