"""What can happen to one assignment, in the order in which it happened."""

from dataclasses import dataclass
from datetime import date, datetime

from forces.models import User


@dataclass(frozen=True, kw_only=True)
class Said:
    """The body submitted an update."""

    at: datetime
    by: User
    status: str
    confidence: str
    account: str
    next_steps: str
    blockers: str
    forecast_on: date | None

    @property
    def because(self) -> str:
        return "update submitted"


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """An analyst answered the claim before it."""

    at: datetime
    by: User
    decision: str
    reason: str

    @property
    def because(self) -> str:
        return f"claim {self.decision}"


@dataclass(frozen=True, kw_only=True)
class DueDateMoved:
    """An analyst moved the due date."""

    at: datetime
    by: User
    to: date
    reason: str

    @property
    def because(self) -> str:
        return "due date changed"


@dataclass(frozen=True, kw_only=True)
class Withdrawn:
    """An analyst closed it without its being done."""

    at: datetime
    by: User
    reason: str

    @property
    def because(self) -> str:
        return "withdrawn"


Event = Said | Reviewed | DueDateMoved | Withdrawn
EVENTS = (Said, Reviewed, DueDateMoved, Withdrawn)
