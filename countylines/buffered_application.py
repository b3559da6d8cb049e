"""A WSGI application behind an event loop.

The event loop receives a whole request before a thread answers it, and sends the response after
that. So a client that sends or reads slowly holds no thread.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from tempfile import SpooledTemporaryFile
from typing import Any
from urllib.parse import unquote_to_bytes

THREADS = 4  # requests that a process answers at a time
MAX_BODY_BYTES = 210 * 2**20  # ten evidence files of 20 MB, and the form
MAX_MEMORY_BYTES = 2**20  # of a request or a response; the rest is in a temporary file
CHUNK_BYTES = 2**16
READ_TIMEOUT_SECONDS = 60  # in which a client must have read another chunk

Scope = dict[str, Any]
Environ = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class BufferedApplication:
    """An ASGI application that answers complete requests by a WSGI application, in threads."""

    def __init__(self, application: Callable[..., Any], *, threads: int = THREADS) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise ValueError(f"Only HTTP is served, not {scope['type']}.")
        with _buffer() as body, _buffer() as content:
            try:
                await _receive(receive, body)
            except ConnectionError:
                return
            except OverflowError:
                await send(_start(413, [("Content-Length", "0")]))
                await send({"type": "http.response.body"})
                return
            loop = asyncio.get_running_loop()
            arguments = _environ(scope, body), content
            status, headers = await loop.run_in_executor(self._threads, self._answer, *arguments)
            await _send(send, status, headers, content)

    def _answer(
        self, environ: Environ, content: "SpooledTemporaryFile[bytes]"
    ) -> tuple[int, list[tuple[str, str]]]:
        """Write the content of the response, and return its status and headers."""
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], *_: object) -> None:
            started[:] = int(status.partition(" ")[0]), headers

        chunks = self._application(environ, start_response)
        try:
            content.writelines(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        content.seek(0)
        status, headers = started
        return status, headers


def _buffer() -> "SpooledTemporaryFile[bytes]":
    return SpooledTemporaryFile(MAX_MEMORY_BYTES)


async def _receive(receive: Receive, body: "SpooledTemporaryFile[bytes]") -> None:
    """Store the body. Raises ConnectionError if the client leaves, OverflowError if it is large."""
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise ConnectionError
        body.write(message.get("body", b""))
        if body.tell() > MAX_BODY_BYTES:
            raise OverflowError
        more = message.get("more_body", False)


async def _send(
    send: Send,
    status: int,
    headers: list[tuple[str, str]],
    content: "SpooledTemporaryFile[bytes]",
) -> None:
    """Send the response. Raises TimeoutError if the client stops reading it."""
    await send(_start(status, headers))
    chunk, more = content.read(CHUNK_BYTES), True
    while more:
        following = content.read(CHUNK_BYTES)
        more = bool(following)
        async with asyncio.timeout(READ_TIMEOUT_SECONDS):
            await send({"type": "http.response.body", "body": chunk, "more_body": more})
        chunk = following


def _start(status: int, headers: list[tuple[str, str]]) -> dict[str, Any]:
    encoded = [
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in [*headers, ("Server", "gunicorn")]  # without a version
    ]
    return {"type": "http.response.start", "status": status, "headers": encoded}


def _environ(scope: Scope, body: "SpooledTemporaryFile[bytes]") -> Environ:
    """Return what PEP 3333 wants to know of a request. Headers with underscores are dropped."""
    host, port = scope.get("server") or ("localhost", 80)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").upper(), raw_value.decode("latin-1")
        if "_" in name:
            continue
        key = name.replace("-", "_")
        key = key if key in {"CONTENT_LENGTH", "CONTENT_TYPE"} else f"HTTP_{key}"
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    if size := body.tell():
        environ["CONTENT_LENGTH"] = str(size)  # a chunked body has no such header
    body.seek(0)
    return environ
