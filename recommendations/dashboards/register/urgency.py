"""How urgent each recommendation is for its organisation: the groups of its page, and their order.

The rule is written once, here. *Act now*: the claim was returned, it is overdue, or nothing was
ever reported on it. *Done*: closed. *Next*: everything else. In a group come returned claims first,
then the most overdue, then the soonest due, then the earliest forecast; claims awaiting review are
last, because there is nothing to do about them.
"""

from datetime import date
from enum import IntEnum
from typing import Protocol

from recommendations import rules
from recommendations.rules import AssignmentState, Status


class Urgency(IntEnum):
    """The groups in the order of the page."""

    ACT_NOW = 0
    NEXT = 1
    DONE = 2


class ReportedState(AssignmentState, Protocol):
    """An assignment at one time, with its latest update and the recommendation's number."""

    @property
    def number(self) -> int: ...
    @property
    def latest_update_id(self) -> int | None: ...


SortKey = tuple[Urgency, bool, bool, int, date, date, int]


def urgency(state: ReportedState, *, is_returned: bool, on: date) -> Urgency:
    """Return the group of one assignment; `is_returned`: its latest claim was returned."""
    if state.status in rules.CLOSED:
        return Urgency.DONE
    if state.status not in rules.OPEN:
        return Urgency.NEXT
    is_unreported = state.latest_update_id is None
    if is_returned or is_unreported or rules.is_overdue(state, on=on):
        return Urgency.ACT_NOW
    return Urgency.NEXT


def sort_key(state: ReportedState, *, is_returned: bool, on: date) -> SortKey:
    """Return what sorts assignments into the order of urgency, on a London day."""
    return (
        urgency(state, is_returned=is_returned, on=on),
        state.status == Status.EVIDENCE_SUBMITTED,
        not is_returned,
        -rules.days_overdue(state, on=on),
        state.due_on,
        state.forecast_on or date.max,
        state.number,
    )
