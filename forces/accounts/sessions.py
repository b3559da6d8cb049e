"""Beginning and ending sessions.

A session ends after 12 hours, or after 30 minutes without an action of the person. Pages warn
before that, and can extend the session (static/js/session.js; WCAG 2.2.1). Requests that pages make
automatically, such as for live figures, do not count as actions.
"""

import time
from datetime import datetime
from typing import NamedTuple

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.deprecation import MiddlewareMixin

from forces.http import ServiceRequest
from forces.models import User

MAX_SESSION_SECONDS = 60 * 60 * 12
MAX_IDLE_SECONDS = 60 * 30
PRECISION_SECONDS = 60  # of the time of the last action, so that not every request writes it


class Remaining(NamedTuple):
    """The seconds until a session ends without actions, and whether an action extends it."""

    seconds: int
    can_be_extended: bool


class SessionLimitsMiddleware(MiddlewareMixin):
    """Must come directly after authentication."""

    def process_request(self, request: ServiceRequest) -> None:
        if not request.user.is_authenticated:
            return
        now = request.now.timestamp()
        if "signed_in_at" not in request.session:
            begin_session(request)
        if remaining(request, now=now).seconds <= 0:
            logout(request)
            return
        is_action = request.headers.get("X-Background") != "true"
        if is_action and now - request.session["seen_at"] >= PRECISION_SECONDS:
            request.session["seen_at"] = int(now)


def live_sessions(person: User, *, at: datetime) -> QuerySet[UserSession]:
    """The sessions of this person that have not ended. One query."""
    stored = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=at)
    return UserSession.objects.filter(Exists(stored), user=person)


def remaining(request: HttpRequest, *, now: float) -> Remaining:
    """How long the session lasts. `now` is a Unix timestamp; the session must have begun."""
    until_end = request.session["signed_in_at"] + MAX_SESSION_SECONDS - now
    until_idle = request.session["seen_at"] + MAX_IDLE_SECONDS - now
    return Remaining(int(min(until_end, until_idle)), until_end > until_idle + PRECISION_SECONDS)


def begin_session(request: HttpRequest) -> None:
    """Set the timestamps of a new session, from which its end is counted."""
    now = int(time.time())
    request.session["signed_in_at"] = request.session["seen_at"] = now


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
