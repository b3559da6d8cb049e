"""Ends sessions after 12 hours, or after 30 minutes without an action of the person.

Pages warn before that, and can extend the session (static/js/session.js; WCAG 2.2.1). Requests
that pages make automatically, such as for live figures, do not count as actions.
"""

from typing import NamedTuple

from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils.deprecation import MiddlewareMixin

from forces.accounts.sign_in_views import begin_session
from forces.http import ServiceRequest

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


def remaining(request: HttpRequest, *, now: float) -> Remaining:
    """How long the session lasts. `now` is a Unix timestamp; the session must have begun."""
    until_end = request.session["signed_in_at"] + MAX_SESSION_SECONDS - now
    until_idle = request.session["seen_at"] + MAX_IDLE_SECONDS - now
    return Remaining(int(min(until_end, until_idle)), until_end > until_idle + PRECISION_SECONDS)
