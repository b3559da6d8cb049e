"""Asking as somebody, so that nothing of it stays: each request in a savepoint of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import connection, transaction
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import reverse

from tests.security.addresses import ADMIN
from tests.security.stage import Stage

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
FACTOR = "factor"  # a redirect to where a second factor is set up
SIGN_IN = "sign-in"  # a redirect to where one signs in
_WRITES = ("INSERT", "UPDATE", "DELETE")


class Asker:
    """One person's browser. Whatever a request does to its cookies is forgotten with it."""

    def __init__(self, stage: Stage, name: str) -> None:
        self.stage, self.name = stage, name
        self.person = stage.people[name]
        self.client = Client(raise_request_exception=False)
        if self.person is not None:
            self.client.force_login(self.person)
        self._session = {name: each.value for name, each in self.client.cookies.items()}
        self.written: set[str] = set()

    def ask(self, method: str, path: str, **options: Any) -> Any:
        """The answer, read whole; `written` are the tables that it wrote to."""
        self.client.cookies.clear()
        for name, value in self._session.items():
            self.client.cookies[name] = value
        self.written = set()
        if path.startswith("/api/"):
            caches["redis"].clear()  # how often a token has asked
        with _undone(), connection.execute_wrapper(self._note):
            answer = self.client.generic(method, path, **options)
            answer.whole = answer.getvalue()
        return answer

    def _note(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        words = sql.split(None, 3)
        if words and words[0].upper() in _WRITES:
            table = words[1] if words[0].upper() == "UPDATE" else words[2]
            self.written.add(table.strip('"'))
        return execute(sql, *rest)


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def told(answer: Any) -> str:
    """How the answer stands in the table."""
    place = answer.headers.get("Location", "").partition("?")[0]
    if answer.status_code == 302 and place in {resolve_url(settings.LOGIN_URL), f"/{ADMIN}login/"}:
        return SIGN_IN
    if answer.status_code == 302 and place == reverse("mfa_index"):
        return FACTOR
    return str(answer.status_code)
