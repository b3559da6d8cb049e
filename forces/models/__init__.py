"""Bodies, people and the audit trail, one file a noun."""

from forces.models.audit_event import AuditEvent
from forces.models.body import Body, Region, Rocu
from forces.models.user import Role, User

__all__ = ["AuditEvent", "Body", "Region", "Rocu", "Role", "User"]
