"""From where to where each of many moved: two posts and a line for each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

WIDTH, HEIGHT = 280, 170
LEFT, RIGHT, TOP, BOTTOM = 60, 60, 14, 26  # beside and below the posts
REACH = 30  # days above and below the due date that are always shown
WEIGHTS = (1, 3, 8)  # so many alike are drawn thin, wider, widest

Pair = tuple[int, int]  # days after the due date: then, now


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
    first: str  # words at the ends of the median
    last: str
    first_y: str
    last_y: str


def slope_chart(pairs: Sequence[Pair], *, reach: int, label: str) -> SlopeChart | None:
    """Later is higher. `reach` (days) is what small multiples have in common."""
    if not pairs:
        return None
    reach = max(reach, REACH)
    middle = (TOP + HEIGHT - BOTTOM) / 2

    def y(days: float) -> str:
        shown = max(-reach, min(reach, days))
        return f"{middle - (HEIGHT - TOP - BOTTOM) / 2 * shown / reach:.1f}"

    then, now = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    alike = Counter(pairs)
    lines = [
        SlopeLine(_kind(pair), y(pair[0]), y(pair[1]), sum(alike[pair] >= w for w in WEIGHTS))
        for pair in sorted(alike)
    ]
    return SlopeChart(
        label=label,
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        zero=y(0),
        lines=[*lines, SlopeLine("median", y(then), y(now), 3)],
        first=_days(then),
        last=_days(now),
        first_y=f"{float(y(then)) + 5:.1f}",
        last_y=f"{float(y(now)) + 5:.1f}",
    )


def _kind(pair: Pair) -> str:
    then, now = pair
    return "same" if then == now else "later" if now > then else "earlier"


def _days(number: float) -> str:
    return f"{number:+.0f} days" if round(number) else "in time"
