"""Sends requests as one user of the scenario and undoes what they change."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import reverse

from forces.accounts.sessions import begin_session
from tests.security.endpoints import ADMIN
from tests.security.scenario import Scenario

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SET_UP_FACTOR = "factor"  # a redirect to the page that sets up a second factor
SIGN_IN = "sign-in"  # a redirect to the sign-in page
_WRITES = ("INSERT", "UPDATE", "DELETE")


class PlainClient(Client):
    """Django's test client without its copy of the context of every template.

    Exceptions become responses with the status 500, and are stored in `exc_info`.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(raise_request_exception=False, **options)

    def request(self, **request: Any) -> Any:
        self.exc_info = None
        got_request_exception.connect(self.store_exc_info, dispatch_uid="plain-client")
        try:
            response = self.handler(self._base_environ(**request))
        finally:
            got_request_exception.disconnect(dispatch_uid="plain-client")
        response.exc_info = self.exc_info
        self.cookies.update(response.cookies)
        return response


class UserClient:
    """The browser of one user. Every request starts with the same cookies and the same rows.

    Each request is a transaction that is rolled back.
    """

    def __init__(self, scenario: Scenario, name: str) -> None:
        self.scenario, self.name = scenario, name
        self.user = scenario.users[name]
        self.client = PlainClient()
        if self.user is not None:
            self.client.force_login(self.user)
            self._begin_session()
        self._cookies = {name: cookie.value for name, cookie in self.client.cookies.items()}
        self.written_tables: set[str] = set()

    def _begin_session(self) -> None:
        """Set the session's times, or every request would set and save them, and be undone."""
        request = HttpRequest()
        request.session = self.client.session
        begin_session(request)
        request.session.save()

    def send(self, method: str, path: str, **options: Any) -> Any:
        """Return the response, its content in `body`, and set `written_tables`."""
        self.client.cookies.clear()
        for name, value in self._cookies.items():
            self.client.cookies[name] = value
        self.written_tables = set()
        if path.startswith("/api/"):
            caches["redis"].clear()  # the rate limit of the token
        with transaction.atomic(), connection.execute_wrapper(self._note_statement):
            response = self.client.generic(method, path, **options)
            response.body = response.getvalue()
            transaction.set_rollback(True)
        return response

    def _note_statement(self, execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        words = sql.split(None, 3)
        command = words[0].upper() if words else ""
        if command in _WRITES:
            table = words[1] if command == "UPDATE" else words[2]
            self.written_tables.add(table.strip('"'))
        return execute(sql, *arguments)


def outcome(response: Any) -> str:
    """Return a response's entry in the matrix: its status, or where it redirects to."""
    location = response.headers.get("Location", "").partition("?")[0]
    sign_in_pages = {resolve_url(settings.LOGIN_URL), f"/{ADMIN}login/"}
    if response.status_code == 302 and location in sign_in_pages:
        return SIGN_IN
    if response.status_code == 302 and location == reverse("mfa_index"):
        return SET_UP_FACTOR
    return str(response.status_code)
