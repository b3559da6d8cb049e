"""What can happen to one assignment. `cause` is what flag episodes and the audit trail name."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from forces.models import User


@dataclass(frozen=True)
class _Event:
    at: datetime
    by: User


@dataclass(frozen=True)
class UpdateEvent(_Event):
    """A force or national body submitted an update."""

    status: str
    confidence: str
    account: str
    next_steps: str
    blockers: str
    forecast_on: date | None
    cause: ClassVar[str] = "update submitted"


@dataclass(frozen=True)
class ReviewEvent(_Event):
    """An analyst reviewed the claim before it."""

    decision: str
    reason: str

    @property
    def cause(self) -> str:
        return f"claim {self.decision}"


@dataclass(frozen=True)
class DueDateEvent(_Event):
    """An analyst changed the due date."""

    to: date
    reason: str
    cause: ClassVar[str] = "due date changed"


@dataclass(frozen=True)
class WithdrawalEvent(_Event):
    """An analyst withdrew the assignment."""

    reason: str
    cause: ClassVar[str] = "withdrawn"


Event = UpdateEvent | ReviewEvent | DueDateEvent | WithdrawalEvent
