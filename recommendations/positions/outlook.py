"""The headline of the national pages, files and emails: what is due next, and what is left."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from recommendations import rules, wording
from recommendations.positions.positions import Position
from recommendations.rules import Status


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What is still to be done. A claim that waits for review is not open."""

    total: int  # without withdrawn ones
    implemented: int
    waiting: int  # claims awaiting review
    open_count: int
    overdue: int  # of the open ones
    due_on: date | None  # the day from today on which most open ones are due
    due_count: int  # open ones due on that day
    forecast_late: int  # of these, forecast after their due date
    without_forecast: int  # of these

    @property
    def text(self) -> str:
        """`170 of 216 open recommendations are due on 31 December 2026. Of these, ...`"""
        if not self.total:
            return "No recommendations have been assigned yet."
        if not self.open_count:
            return f"Nothing is left to do. {self._waiting_text}"
        if self.due_on is None:
            return f"{wording.are(self.open_count, 'open')}, and all of them overdue."
        return (
            f"{self.due_count:,} of {wording.count(self.open_count, 'open recommendation')} "
            f"{'is' if self.due_count == 1 else 'are'} due on {wording.day(self.due_on)}. "
            f"Of these, {wording.are(self.forecast_late, 'forecast later')} and "
            f"{self.without_forecast:,} {'has' if self.without_forecast == 1 else 'have'} "
            "no forecast."
        )

    @property
    def _waiting_text(self) -> str:
        if not self.waiting:
            return "No claims are awaiting review."
        are = "is" if self.waiting == 1 else "are"
        return f"{wording.count(self.waiting, 'claim')} {are} awaiting review."


def outlook(positions: Iterable[Position]) -> Outlook:
    """Return the outlook of these positions, which are of one day."""
    rows = list(positions)
    open_rows = [position for position in rows if position.status in rules.OPEN]
    ahead = Counter(position.due_on for position in open_rows if not position.is_overdue)
    due_on = min(ahead, key=lambda on: (-ahead[on], on), default=None)
    due = [position for position in open_rows if position.due_on == due_on]
    return Outlook(
        total=sum(p.status in rules.COUNTED for p in rows),
        implemented=sum(p.status == Status.IMPLEMENTED for p in rows),
        waiting=sum(p.status == Status.EVIDENCE_SUBMITTED for p in rows),
        open_count=len(open_rows),
        overdue=sum(p.is_overdue for p in open_rows),
        due_on=due_on,
        due_count=len(due),
        forecast_late=sum(map(rules.is_forecast_late, due)),
        without_forecast=sum(p.forecast_on is None for p in due),
    )
