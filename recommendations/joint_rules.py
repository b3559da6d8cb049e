"""The rules for joint actions: their status and flags, and who can do what.

A joint action has the statuses and flags of an assignment (`rules.py`): it is open until its owner
closes it, then waits for an analyst, and is implemented when the analyst accepts it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from recommendations.models.joint_action import JointEvent
from recommendations.rules import CLOSED, OPEN, Status

MAX_STEPS = 12
MAX_PARTICIPANTS = 20
Kind = JointEvent.Kind
NEEDS_TEXT = frozenset({Kind.PROGRESS, Kind.CLOSED, Kind.RETURNED, Kind.CANCELLED})
OF_ANALYSTS = (Kind.ACCEPTED, Kind.RETURNED)
OF_PARTICIPANTS = (Kind.PROGRESS, Kind.STEP_DONE)
OF_OWNER = (*OF_PARTICIPANTS, Kind.CLOSED, Kind.CANCELLED)
_STATUS_AFTER = {
    Kind.CLOSED: Status.EVIDENCE_SUBMITTED,
    Kind.ACCEPTED: Status.IMPLEMENTED,
    Kind.CANCELLED: Status.WITHDRAWN,
}


class EventOfJointAction(Protocol):
    """An event of a joint action: a row, or one that a test makes up."""

    @property
    def kind(self) -> str: ...

    @property
    def happened_at(self) -> datetime: ...


@dataclass(frozen=True, kw_only=True)
class JointState:
    """A joint action after some of its events, as the rules for flags read it."""

    status: Status
    due_on: date
    heard_at: datetime  # the latest event, or when it was created
    is_returned: bool = False
    confidence: str = ""
    forecast_on: date | None = None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_waiting(self) -> bool:
        """Whether its owner has closed it, and no analyst has accepted that."""
        return self.status == Status.EVIDENCE_SUBMITTED

    @property
    def is_live(self) -> bool:
        """Whether it is neither accepted nor cancelled."""
        return self.status not in CLOSED


def state_of(
    created_at: datetime, due_on: date, events: Iterable[EventOfJointAction]
) -> JointState:
    """Return the state after these events, which are in order."""
    status, heard_at, last = Status.NOT_STARTED, created_at, ""
    for event in events:
        last, heard_at = event.kind, event.happened_at
        status = _STATUS_AFTER.get(Kind(last), Status.IN_PROGRESS)
    return JointState(
        status=status, due_on=due_on, heard_at=heard_at, is_returned=last == Kind.RETURNED
    )
