"""Slope charts: a line from the first to the latest value of each of many pairs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

WIDTH, HEIGHT = 280, 170
LEFT, RIGHT, TOP, BOTTOM = 60, 60, 14, 26  # margins
MIN_REACH_DAYS = 30  # above and below the due date
WEIGHT_THRESHOLDS = (1, 3, 8)  # numbers of equal pairs at which a line becomes thicker

Pair = tuple[int, int]  # days after the due date: first, latest


@dataclass(frozen=True)
class SlopeLine:
    kind: str  # later, earlier, same, median
    y1: str
    y2: str
    weight: int  # 1 to 3


@dataclass(frozen=True, kw_only=True)
class SlopeChart:
    label: str
    width: int
    height: int
    left: int
    right: int
    zero: str  # y of the due date
    lines: list[SlopeLine]  # the median last, on top
    first: str  # text at the ends of the median
    last: str
    first_y: str
    last_y: str


def slope_chart(pairs: Sequence[Pair], *, reach: int, label: str) -> SlopeChart | None:
    """Return a chart in which later is higher, or None without pairs.

    `reach` (days above and below the due date) is the same for all small multiples.
    """
    if not pairs:
        return None
    reach = max(reach, MIN_REACH_DAYS)
    middle = (TOP + HEIGHT - BOTTOM) / 2

    def y(days: float) -> str:
        shown = max(-reach, min(reach, days))
        return f"{middle - (HEIGHT - TOP - BOTTOM) / 2 * shown / reach:.1f}"

    first, last = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    counts = Counter(pairs)
    lines = [
        SlopeLine(
            _kind(pair), y(pair[0]), y(pair[1]), sum(counts[pair] >= n for n in WEIGHT_THRESHOLDS)
        )
        for pair in sorted(counts)
    ]
    return SlopeChart(
        label=label,
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        zero=y(0),
        lines=[*lines, SlopeLine("median", y(first), y(last), 3)],
        first=_describe_days(first),
        last=_describe_days(last),
        first_y=f"{float(y(first)) + 5:.1f}",
        last_y=f"{float(y(last)) + 5:.1f}",
    )


def _kind(pair: Pair) -> str:
    first, last = pair
    return "same" if first == last else "later" if last > first else "earlier"


def _describe_days(number: float) -> str:
    return f"{number:+.0f} days" if round(number) else "on time"
