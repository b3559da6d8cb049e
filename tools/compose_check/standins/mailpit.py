#!/opt/mail/bin/python -u
"""Stands in for Mailpit: takes mail on 1025 and lists it on 8025 in the same JSON."""

import email.utils
import json
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

KEPT: list[dict[str, object]] = []


class Keep(Message):
    def handle_message(self, message):  # type: ignore[no-untyped-def]
        to = [{"Name": n, "Address": a} for n, a in email.utils.getaddresses([message["To"]])]
        KEPT.append({"MessageID": message["Message-ID"], "Subject": message["Subject"], "To": to})


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps({"total": len(KEPT), "messages": KEPT}).encode())


if sys.argv[1:] == ["readyz"]:
    urllib.request.urlopen("http://127.0.0.1:8025/readyz", timeout=4)  # nosec B310 # itself
else:
    Controller(Keep(), hostname="0.0.0.0", port=1025).start()  # nosec B104 # in a container
    ThreadingHTTPServer(("0.0.0.0", 8025), Pages).serve_forever()  # nosec B104 # likewise
