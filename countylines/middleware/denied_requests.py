"""What was refused to somebody signed in goes into the audit trail (design, rule 10).

What they asked for is kept as its address; never a query, and never what was typed.
"""

import logging
from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpResponseBase

from forces import audit
from forces.http import ServiceRequest
from forces.models import User

LONGEST_PATH = 200  # characters
ACTS = {404: "not shown", 409: "act refused", 403: "form refused"}

log = logging.getLogger(__name__)


class RefusalsMiddleware:
    """Stands behind authentication, so that it sees who asked and what was answered."""

    def __init__(self, get_response: Callable[[ServiceRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: ServiceRequest) -> HttpResponseBase:
        response = self.get_response(request)
        person = getattr(request, "user", None)
        is_known = request.resolver_match is not None  # an address that does not exist refuses none
        if response.status_code in ACTS and isinstance(person, User) and is_known:
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
                path=request.path[:LONGEST_PATH].replace("\x00", ""),
                status=status,
            )
        except DatabaseError as error:
            log.error("A refusal could not be recorded: %s", type(error).__name__)
