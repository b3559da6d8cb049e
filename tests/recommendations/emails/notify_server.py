"""A local server that answers as GOV.UK Notify's API does, and can be made to fail."""

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
    """`answers` are statuses to give before anything is taken; `lose` takes and answers nothing."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    lose: int = 0
    error: dict[str, str] = field(default_factory=lambda: {"error": "No", "message": "No"})
    taken: list[dict[str, Any]] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)

    def take(self, asked: dict[str, Any]) -> dict[str, Any]:
        kept = asked | {"id": str(uuid.uuid4()), "created_at": datetime.now(UTC).isoformat()}
        self.taken.append(kept)
        return kept

    def listed(self, query: dict[str, list[str]]) -> dict[str, Any]:
        found = self.taken
        if "reference" in query:
            found = [each for each in found if each["reference"] in query["reference"]]
        if "status" in query:
            found = [each for each in found if self.states.get(each["id"]) in query["status"]]
        if "older_than" in query:
            found = []
        following = f"{self.url}/v2/notifications?older_than={uuid.uuid4()}"
        return {"notifications": found, "links": {"next": following}}


@contextmanager
def notify_server() -> Iterator[NotifyServer]:
    """Listen on a free port of this machine until the block ends."""
    state = NotifyServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if state.answers:
                self._say(state.answers.pop(0), {"errors": [state.error]})
                return
            kept = state.take(asked)
            if state.lose:
                state.lose -= 1
                self.connection.close()
                return
            self._say(201, kept)

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            if one := asked.path.removeprefix("/v2/notifications").strip("/"):
                self._say(200, {"id": one, "status": state.states.get(one, "sending")})
                return
            self._say(200, state.listed(parse_qs(asked.query)))

        def _say(self, status: int, content: dict[str, Any]) -> None:
            said = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: Any) -> None:
            """Tests print nothing."""

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
