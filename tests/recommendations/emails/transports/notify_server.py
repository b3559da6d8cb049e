"""A local server that answers like GOV.UK Notify's API, and can be made to fail."""

import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

API_KEY = "test-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0"


@dataclass
class NotifyServer:
    """`errors` are statuses to answer with before anything is accepted.

    `lost_answers` emails are accepted without an answer.
    """

    url: str = ""
    errors: list[int] = field(default_factory=list)
    lost_answers: int = 0
    error: dict[str, str] = field(default_factory=lambda: {"error": "No", "message": "No"})
    accepted: list[dict[str, Any]] = field(default_factory=list)
    statuses: dict[str, str] = field(default_factory=dict)

    def accept(self, email: dict[str, Any]) -> dict[str, Any]:
        notification = email | {
            "id": str(uuid.uuid4()),
            "created_at": datetime.now(UTC).isoformat(),
        }
        self.accepted.append(notification)
        return notification

    def find(self, query: dict[str, list[str]]) -> dict[str, Any]:
        matches = self.accepted
        if "reference" in query:
            matches = [email for email in matches if email["reference"] in query["reference"]]
        if "status" in query:
            statuses = query["status"]
            matches = [email for email in matches if self.statuses.get(email["id"]) in statuses]
        if "older_than" in query:
            matches = []
        next_page = f"{self.url}/v2/notifications?older_than={uuid.uuid4()}"
        return {"notifications": matches, "links": {"next": next_page}}


@contextmanager
def notify_server() -> Iterator[NotifyServer]:
    """Listen on a free port of this machine until the block ends."""
    state = NotifyServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            email = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if state.errors:
                self._answer(state.errors.pop(0), {"errors": [state.error]})
                return
            notification = state.accept(email)
            if state.lost_answers:
                state.lost_answers -= 1
                self.connection.close()
                return
            self._answer(201, notification)

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if key := url.path.removeprefix("/v2/notifications").strip("/"):
                self._answer(200, {"id": key, "status": state.statuses.get(key, "sending")})
                return
            self._answer(200, state.find(parse_qs(url.query)))

        def _answer(self, status: int, content: dict[str, Any]) -> None:
            data = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
