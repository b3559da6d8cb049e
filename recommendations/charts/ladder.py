"""Ladder charts: the monthly status of one assignment, as small bars of rising height."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from recommendations import wording
from recommendations.rules import Status

BAR_WIDTH, HEIGHT, OVERDUE_HEIGHT = 10, 24, 3
# The higher the bar, the closer to implemented, so that the shape is clear without colour.
BAR_HEIGHTS = {
    Status.NOT_STARTED: 4,
    Status.WITHDRAWN: 4,
    Status.IN_PROGRESS: 11,
    Status.EVIDENCE_SUBMITTED: 18,
    Status.IMPLEMENTED: 24,
}


@dataclass(frozen=True, slots=True)
class LadderBar:
    """Months in a row with the same status, as one bar; `path` is of an SVG."""

    kind: str  # as in class names: "in-progress"
    path: str


@dataclass(frozen=True, slots=True)
class Ladder:
    label: str
    width: str
    bars: list[LadderBar]
    overdue: str  # the path of the lines over the months that ended overdue

    def svg(self) -> SafeString:
        """Return the drawing: a table has one in every row, which a template draws too slowly."""
        bars = format_html_join(
            "",
            '<path class="app-bar__part app-bar__part--{}" d="{}"/>',
            ((bar.kind, bar.path) for bar in self.bars),
        )
        return format_html(
            '<svg class="app-ladder" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" '
            'aria-label="{}"><title>{}</title>{}<path class="app-ladder__overdue" d="{}"/></svg>',
            *(self.width, HEIGHT, self.label, self.label, bars, self.overdue),
        )


def ladder(statuses: Sequence[tuple[date, str, bool]]) -> Ladder:
    """Return a chart of (day, status, whether overdue), in the order of the days."""
    bars: list[LadderBar] = []
    place = 0
    for status, months in groupby(statuses, key=lambda month: month[1]):
        width, height = BAR_WIDTH * len(list(months)), BAR_HEIGHTS[Status(status)]
        path = f"M{place} {HEIGHT}v-{height}h{width}v{height}z"
        bars.append(LadderBar(status.replace("_", "-"), path))
        place += width
    overdue = "".join(
        f"M{BAR_WIDTH * index} 0h{BAR_WIDTH}v{OVERDUE_HEIGHT}h-{BAR_WIDTH}z"
        for index, (_, _, is_overdue) in enumerate(statuses)
        if is_overdue
    )
    return Ladder(label=_label(statuses), width=str(place), bars=bars, overdue=overdue)


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
