"""A session lasts twelve hours at most, and half an hour without an act of its person.

A page warns before, and can extend it (static/js/session.js; WCAG 2.2.1). Polls of live figures
come by themselves and are no acts.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase

from forces.accounts.sign_in_views import begin_session
from forces.http import ServiceRequest

LONGEST = 60 * 60 * 12  # seconds
IDLE = 60 * 30  # seconds
NOTED = 60  # seconds: so exact is what is known of the last act


@dataclass(frozen=True)
class Remaining:
    """How long a session lasts if nothing is done, in seconds; whether an act makes it longer."""

    seconds: int
    can_be_extended: bool


class SessionLimitsMiddleware:
    """Stands behind authentication and before what asks who somebody is."""

    def __init__(self, get_response: Callable[[ServiceRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: ServiceRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            self._keep_limits(request)
        return self.get_response(request)

    def _keep_limits(self, request: ServiceRequest) -> None:
        now = request.now.timestamp()
        if "signed_in_at" not in request.session:
            begin_session(request)
        left = remaining(request, now=now)
        if left.seconds <= 0:
            logout(request)
        elif not _comes_by_itself(request) and now - request.session["seen_at"] >= NOTED:
            request.session["seen_at"] = int(now)


def remaining(request: HttpRequest, *, now: float) -> Remaining:
    """For a session that was stamped."""
    until_longest = request.session["signed_in_at"] + LONGEST - now
    until_idle = request.session["seen_at"] + IDLE - now
    return Remaining(int(min(until_longest, until_idle)), until_longest > until_idle + NOTED)


def _comes_by_itself(request: HttpRequest) -> bool:
    return request.headers.get("X-Background") == "true"
