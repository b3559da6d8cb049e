"""Requests are complete before the WSGI application gets them, and limited in size."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from countylines import buffered_application
from countylines.buffered_application import BufferedApplication

SCOPE = {
    "type": "http",
    "method": "POST",
    "scheme": "http",
    "http_version": "1.1",
    "raw_path": b"/forces/caf%C3%A9/",
    "query_string": b"sort=region",
    "server": ("127.0.0.1", 8000),
    "client": ("10.0.0.7", 1234),
    "headers": [(b"x-forwarded-for", b"1.2.3.4"), (b"x_forwarded_for", b"spoofed")],
}


def part(body: bytes, *, more: bool) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def answer(*messages: dict[str, Any]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return what is sent to a client that sends these messages, and the WSGI environment."""
    seen: dict[str, Any] = {}
    sent: list[dict[str, Any]] = []

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        seen.update(environ, body=environ["wsgi.input"].read())
        start_response("201 Created", [("X-Example", "yes")])
        return [b"one ", b"two"]

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return next(received)

    received = iter(messages)
    asyncio.run(BufferedApplication(application)(SCOPE, receive, send))
    return sent, seen


def test_a_body_in_pieces_reaches_the_application_at_once() -> None:
    [start, body], environ = answer(part(b"first ", more=True), part(b"last", more=False))
    assert (environ["body"], environ["CONTENT_LENGTH"]) == (b"first last", "10")
    assert start["status"] == 201
    assert (b"x-example", b"yes") in start["headers"]
    assert (body["body"], body["more_body"]) == (b"one two", False)


def test_the_application_gets_the_path_the_query_and_the_client() -> None:
    _, environ = answer(part(b"", more=False))
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/forces/café/"
    assert environ["QUERY_STRING"] == "sort=region"
    assert environ["REMOTE_ADDR"] == "10.0.0.7"


def test_a_header_with_an_underscore_cannot_stand_for_another() -> None:
    _, environ = answer(part(b"", more=False))
    assert environ["HTTP_X_FORWARDED_FOR"] == "1.2.3.4"


def test_a_client_that_leaves_gets_no_answer() -> None:
    sent, environ = answer(part(b"first ", more=True), {"type": "http.disconnect"})
    assert not sent
    assert not environ


def test_a_body_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buffered_application, "MAX_BODY_BYTES", 5)
    [start, _], environ = answer(part(b"first ", more=True), part(b"last", more=False))
    assert start["status"] == 413
    assert not environ
