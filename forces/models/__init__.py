"""Organisations, people, their credentials and the audit trail."""

from forces.models.account_email import AccountEmail
from forces.models.api_token import ApiToken
from forces.models.attempt_log import AttemptLog, UsedCode
from forces.models.audit_coverage import AuditCoverage
from forces.models.audit_event import AuditEvent
from forces.models.body import Body, Region, Rocu
from forces.models.calendar_feed import CalendarFeed
from forces.models.database_identity import DatabaseIdentity
from forces.models.ends import BodyEnd
from forces.models.invitation import Invitation
from forces.models.membership import Membership
from forces.models.names import BodyName, PersonName
from forces.models.user import Departure, Role, User

__all__ = [
    "AccountEmail",
    "ApiToken",
    "AttemptLog",
    "AuditCoverage",
    "AuditEvent",
    "Body",
    "BodyEnd",
    "BodyName",
    "CalendarFeed",
    "DatabaseIdentity",
    "Departure",
    "Invitation",
    "Membership",
    "PersonName",
    "Region",
    "Rocu",
    "Role",
    "UsedCode",
    "User",
]
