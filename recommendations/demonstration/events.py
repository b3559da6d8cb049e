"""What can happen to one assignment. `cause` is what flag episodes and the audit trail name."""

from datetime import date, datetime
from typing import NamedTuple

from forces.models import User


class UpdateEvent(NamedTuple):
    """A force or national body submitted an update."""

    at: datetime
    by: User
    status: str
    confidence: str
    account: str
    next_steps: str
    blockers: str
    forecast_on: date | None

    @property
    def cause(self) -> str:
        return "update submitted"


class ReviewEvent(NamedTuple):
    """An analyst reviewed the claim before it."""

    at: datetime
    by: User
    decision: str
    reason: str

    @property
    def cause(self) -> str:
        return f"claim {self.decision}"


class DueDateEvent(NamedTuple):
    """An analyst changed the due date."""

    at: datetime
    by: User
    to: date
    reason: str

    @property
    def cause(self) -> str:
        return "due date changed"


class WithdrawalEvent(NamedTuple):
    """An analyst withdrew the assignment."""

    at: datetime
    by: User
    reason: str

    @property
    def cause(self) -> str:
        return "withdrawn"


Event = UpdateEvent | ReviewEvent | DueDateEvent | WithdrawalEvent
