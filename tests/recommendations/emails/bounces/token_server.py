"""A local server that gives an access token for a client secret, as Microsoft Entra does."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

CLIENT = {"client_id": "app", "client_secret": "s3cret/+", "scope": "https://mail/.default"}
REFUSED = {
    "error": "invalid_client",
    "error_description": "AADSTS7000215: Wrong value.\r\nTrace",
}


@contextmanager
def token_server(access_token: str) -> Iterator[str]:
    """Listen on a free port of this machine until the block ends; yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            is_right = dict(parse_qsl(body)) == CLIENT | {"grant_type": "client_credentials"}
            answer = {"access_token": access_token, "token_type": "Bearer", "expires_in": 3599}
            self.send_response(200 if is_right else 401)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(answer if is_right else REFUSED).encode())

        def log_message(self, *_: Any) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/oauth2/v2.0/token"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
