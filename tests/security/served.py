"""The service as production serves it: gunicorn with the image's settings, on the tests' database.

The tests stand where the TLS proxy stands.
"""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from tests.countylines.environment.production import PRODUCTION_ENVIRONMENT as SAFE

ROOT = Path(__file__).resolve().parents[2]
HOST = SAFE["ALLOWED_HOSTS"]
HTTPS = {"Host": HOST, "X-Forwarded-Proto": "https", "Referer": f"https://{HOST}/"}
SECONDS = 60


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str


class Served:
    """One gunicorn with one worker; `log` is all that it wrote."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "web.log"
        self.environment = SAFE | {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "DJANGO_SETTINGS_MODULE": "tests.security.served_settings",
            "SECRET_KEY": settings.SECRET_KEY,  # the tests make sessions
            "DATABASE_URL": _database_url(),
            "REDIS_URL": settings.ENVIRONMENT.redis_url,
            "METRICS_TOKEN": "metrics-token-of-the-tests",
            "WEB_CONCURRENCY": "1",
            "STATE_PATH": str(folder),
            "TEST_STATIC_ROOT": str(folder / "static"),
        }
        self._run("manage.py", "collectstatic", "--noinput", "--verbosity=0").check_returncode()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        config = ["--config", "deploy/gunicorn.conf.py", "--bind", f"127.0.0.1:{self.port}"]
        with self.path.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", *config, "countylines.wsgi:application"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        self._wait()

    @property
    def log(self) -> str:
        return self.path.read_text()

    def ask(self, path: str, form: str = "", **headers: str) -> Answer:
        """GET, or POST of a form. Header names take _ for -; an empty value leaves one away."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        sent = HTTPS | {name.replace("_", "-"): value for name, value in headers.items()}
        if form:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        sent = {name: value for name, value in sent.items() if value}
        line.request("POST" if form else "GET", path, form or None, sent)
        answer = line.getresponse()
        text = answer.read().decode(errors="replace")
        line.close()
        return Answer(answer.status, answer.headers, text)

    def lines_of(self, answer: Answer) -> list[dict[str, Any]]:
        """What was logged of that request, once it is all there: its access comes last."""
        until = time.monotonic() + SECONDS
        lines: list[dict[str, Any]] = []
        while time.monotonic() < until and "gunicorn.access" not in str(lines):
            request = answer.headers["X-Request-ID"]
            written = self.log.rpartition("\n")[0].splitlines()
            lines = [json.loads(line) for line in written if request in line]
        return lines

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)

    def _run(self, *command: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run([sys.executable, *command], cwd=ROOT, env=self.environment)

    def _wait(self) -> None:
        until = time.monotonic() + SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            try:
                self.ask("/healthz/")
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError(self.log)


def _database_url() -> str:
    """Of the database that this process tests with."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return parts._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
