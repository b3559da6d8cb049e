"""The sessions of one person, and their ends."""

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from forces.models import User


def sessions_of(person: User) -> QuerySet[Session]:
    """Each session has to be opened to be told apart; there are as many as people at work."""
    mine = [
        session.pk
        for session in Session.objects.iterator()
        if session.get_decoded().get(SESSION_KEY) == str(person.pk)
    ]
    return Session.objects.filter(pk__in=mine)


def end_sessions(person: User, *, but: str = "") -> int:
    """End all of a person's sessions but the one of this key; how many they were.

    By the sessions themselves: their list (`UserSession`) is for showing.
    """
    ended, _ = sessions_of(person).exclude(pk=but).delete()
    UserSession.objects.filter(user=person).exclude(session_key=but).delete()
    return ended
