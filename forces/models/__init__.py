"""Bodies, people, their keys and the audit trail, one file a noun."""

from forces.models.api_token import ApiToken
from forces.models.audit_event import AuditEvent
from forces.models.body import Body, Region, Rocu
from forces.models.calendar_feed import CalendarFeed
from forces.models.departure import Departure
from forces.models.user import Role, User

__all__ = [
    "ApiToken",
    "AuditEvent",
    "Body",
    "CalendarFeed",
    "Departure",
    "Region",
    "Rocu",
    "Role",
    "User",
]
