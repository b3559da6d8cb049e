"""What opened, or failed to open, the door, and is of no more use."""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef

from forces import attempts
from forces.models import Invitation, UsedCode

INVITATIONS_KEPT = timedelta(days=30)  # so that an administrator sees what became of one


def sweep(*, at: datetime) -> None:
    """Delete counts that are over, used codes, old invitations, and sessions that ended."""
    attempts.sweep(at=at)
    UsedCode.objects.filter(used_at__lt=at - timedelta(hours=1)).delete()
    Invitation.objects.filter(expires_at__lt=at - INVITATIONS_KEPT).delete()
    living = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(living)).delete()
