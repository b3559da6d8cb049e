"""How urgent each recommendation is for its organisation: the groups, and the order in them.

The rule is written once, here, for pages and emails. *Act now*: the claim was returned, it is
overdue, or nothing was ever reported on it. *Done*: closed. *Next*: everything else. In a group
come returned claims first, then the most overdue, then the soonest due, then the earliest forecast;
claims awaiting review are last, because there is nothing to do about them.
"""

from datetime import date
from enum import IntEnum
from typing import Protocol

from recommendations import rules
from recommendations.references import ReferenceKey, reference_key
from recommendations.rules import AssignmentState, Status


class Urgency(IntEnum):
    """The groups in their order."""

    ACT_NOW = 0
    NEXT = 1
    DONE = 2


class ReportedState(AssignmentState, Protocol):
    """An assignment on the London day `on`, with what is known of its latest update."""

    @property
    def on(self) -> date: ...
    @property
    def reference(self) -> str: ...
    @property
    def latest_update_id(self) -> int | None: ...
    @property
    def is_returned(self) -> bool: ...


SortKey = tuple[Urgency, bool, bool, int, date, date, ReferenceKey]


def urgency(state: ReportedState) -> Urgency:
    """Return the group of one assignment."""
    if state.status in rules.CLOSED:
        return Urgency.DONE
    if state.status not in rules.OPEN:
        return Urgency.NEXT
    is_unreported = state.latest_update_id is None
    if state.is_returned or is_unreported or rules.is_overdue(state, on=state.on):
        return Urgency.ACT_NOW
    return Urgency.NEXT


def sort_key(state: ReportedState) -> SortKey:
    """Return what sorts assignments into the order of urgency."""
    return (
        urgency(state),
        state.status == Status.EVIDENCE_SUBMITTED,
        not state.is_returned,
        -rules.days_overdue(state, on=state.on),
        state.due_on,
        state.forecast_on or date.max,
        reference_key(state.reference),
    )
