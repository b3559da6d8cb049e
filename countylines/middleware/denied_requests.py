"""Records denied requests of people who are signed in in the audit trail.

The event has the path, but neither the query nor anything that was typed.
"""

import logging
from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpResponseBase

from forces import audit
from forces.http import ServiceRequest
from forces.models import User

MAX_PATH_LENGTH = 200  # characters
ACTS = {404: "not shown", 409: "act refused", 403: "form refused"}

log = logging.getLogger(__name__)


class DeniedRequestsMiddleware:
    """Comes after authentication, so that it knows the person and the response."""

    def __init__(self, get_response: Callable[[ServiceRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: ServiceRequest) -> HttpResponseBase:
        response = self.get_response(request)
        person = getattr(request, "user", None)
        url_exists = request.resolver_match is not None
        if response.status_code in ACTS and isinstance(person, User) and url_exists:
            self._record(request, person, response.status_code)
        return response

    def _record(self, request: ServiceRequest, person: User, status: int) -> None:
        try:
            audit.record(
                at=request.now,
                act=ACTS[status],
                actor=person,
                body=person.body,
                method=request.method,
                path=request.path[:MAX_PATH_LENGTH].replace("\x00", ""),
                status=status,
            )
        except DatabaseError as error:
            log.error("A denied request could not be recorded: %s", type(error).__name__)
