"""The sessions of one person: the table knows them by their key only."""

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
