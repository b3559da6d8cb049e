"""Finding and ending a person's sessions."""

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from forces.models import User


def sessions_of(person: User) -> QuerySet[Session]:
    """The person's sessions. Decodes all sessions, of which there are some hundreds at most."""
    keys = [
        session.pk
        for session in Session.objects.iterator()
        if session.get_decoded().get(SESSION_KEY) == str(person.pk)
    ]
    return Session.objects.filter(pk__in=keys)


def end_sessions(person: User, *, except_key: str = "") -> int:
    """End all of a person's sessions but the one with this key; how many there were.

    `UserSession` is only a list to show, so the sessions themselves are deleted.
    """
    count, _ = sessions_of(person).exclude(pk=except_key).delete()
    UserSession.objects.filter(user=person).exclude(session_key=except_key).delete()
    return count
