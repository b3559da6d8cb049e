"""Runs the service as in production: gunicorn with the image's settings, on the tests' database.

The tests send requests as the TLS proxy does.
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

from django.conf import settings

from tests.countylines.environment.production import PRODUCTION_ENVIRONMENT as SAFE
from tests.database import database_url

ROOT = Path(__file__).resolve().parents[2]
HOST = SAFE["ALLOWED_HOSTS"]
HTTPS_HEADERS = {"Host": HOST, "X-Forwarded-Proto": "https", "Referer": f"https://{HOST}/"}
TIMEOUT_SECONDS = 60


@dataclass
class ServerResponse:
    status: int
    headers: http.client.HTTPMessage
    text: str


class ProductionServer:
    """One gunicorn, by default with one worker."""

    def __init__(
        self,
        folder: Path,
        *,
        settings_module: str = "tests.security.production_settings",
        workers: int = 1,
    ) -> None:
        self.log_path = folder / "web.log"
        self.environment = SAFE | {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "DJANGO_SETTINGS_MODULE": settings_module,
            "SECRET_KEY": settings.SECRET_KEY,  # the tests create sessions
            "DATABASE_URL": database_url(),
            "REDIS_URL": settings.ENVIRONMENT.redis_url,
            "METRICS_TOKEN": "test-metrics-token",
            "WEB_WORKERS": str(workers),
            "STATE_PATH": str(folder),
            "TEST_STATIC_ROOT": str(folder / "static"),
        }
        self._run("manage.py", "collectstatic", "--noinput", "--verbosity=0").check_returncode()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        config = ["--config", "deploy/gunicorn.conf.py", "--bind", f"127.0.0.1:{self.port}"]
        with self.log_path.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", *config, "countylines.asgi:application"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        self._wait()

    @property
    def log(self) -> str:
        """Everything that the server has logged."""
        return self.log_path.read_text()

    def request(self, path: str, form: str = "", **headers: str) -> ServerResponse:
        """Send GET, or POST of a form. Header names have _ for -; an empty value removes one."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        all_headers = HTTPS_HEADERS | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        if form:
            all_headers["Content-Type"] = "application/x-www-form-urlencoded"
        all_headers = {name: value for name, value in all_headers.items() if value}
        connection.request("POST" if form else "GET", path, form or None, all_headers)
        response = connection.getresponse()
        text = response.read().decode(errors="replace")
        connection.close()
        return ServerResponse(response.status, response.headers, text)

    def log_lines(self, response: ServerResponse) -> list[dict[str, Any]]:
        """Return what was logged about a request, once its access line, the last, is there."""
        deadline = time.monotonic() + TIMEOUT_SECONDS
        lines: list[dict[str, Any]] = []
        while time.monotonic() < deadline and "gunicorn.access" not in str(lines):
            request_id = response.headers["X-Request-ID"]
            complete = self.log.rpartition("\n")[0].splitlines()
            lines = [json.loads(line) for line in complete if request_id in line]
            time.sleep(0.02)
        return lines

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)

    def _run(self, *command: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run([sys.executable, *command], cwd=ROOT, env=self.environment)

    def _wait(self) -> None:
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                self.request("/healthz/")
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError(self.log)
