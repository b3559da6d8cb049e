"""A checkout of one release, and the processes that its own compose file starts."""

import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tarfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.reliability.data_servers import ROOT, DataServers

COMMIT_FILE = Path(__file__).with_name("previous_release.txt")
ROLE = "countylines_app"  # owns no tables, as in production
TIMEOUT_SECONDS = 180  # for a process that hangs


class Release:
    """The processes are those of docker-compose.yml and Dockerfile, without containers.

    Both releases use the packages that are installed here.
    """

    def __init__(self, folder: Path, data: DataServers, logs: Path, name: str) -> None:
        self.folder, self.logs, self.name = folder, logs, name
        self.started: list[subprocess.Popen[bytes]] = []
        owner = data.environment | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "STATE_PATH": str(logs),
            "EVIDENCE_STORAGE_URL": f"file://{logs}/evidence",
            "WEB_WORKERS": "2",  # the default of the compose file
            "C_FORCE_ROOT": "1",
            "CELERY_SKIP_CHECKS": "1",
        }
        self.owner = owner
        self.app = owner | {"DATABASE_URL": data.servers.database_url(data.database, user=ROLE)}
        compose = yaml.safe_load((folder / "docker-compose.yml").read_text())
        self._services = compose["services"]

    def migrate(self) -> None:
        """Run the service `migrate`."""
        process = self._start("migrate", self._services["migrate"]["command"], self.owner)
        assert process.wait() == 0, self.log("migrate")

    def call(self, code: str) -> str:
        """Run Python code in a new process, as the owner of the tables; return what it printed."""
        result = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            cwd=self.folder,
            env=self.owner,
            capture_output=True,
            text=True,
        )
        assert result.returncode == 0, result.stderr
        return result.stdout

    def start_web(self) -> "WebServer":
        dockerfile = (self.folder / "Dockerfile").read_text()
        [command] = re.findall(r"^CMD (\[.*\])$", dockerfile, re.MULTILINE)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        bind = ["--bind", f"127.0.0.1:{port}"]
        return WebServer(self._start("web", [*json.loads(command), *bind], self.app), port)

    def start_worker(self) -> "subprocess.Popen[bytes]":
        return self._start("worker", self._services["worker"]["command"], self.app)

    def log(self, name: str) -> str:
        return (self.logs / f"{self.name}-{name}.log").read_text()

    def _start(
        self, name: str, command: list[str], environment: dict[str, str]
    ) -> "subprocess.Popen[bytes]":
        with (self.logs / f"{self.name}-{name}.log").open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def stop(self) -> None:
        for process in self.started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


class WebServer:
    """A running web server."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self.process, self.port = process, port

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.base_url}/readyz/", timeout=30) as response:
                return bool(response.status == 200)
        except urllib.error.HTTPError:
            return False
        except OSError:
            return False


def unpack_previous_release(folder: Path) -> Path:
    """Unpack the commit named in previous_release.txt, from the history of this clone."""
    commit = COMMIT_FILE.read_text().strip()
    git = ["git", "-c", "safe.directory=*", "-C", str(ROOT)]
    archive = subprocess.run([*git, "archive", commit], capture_output=True)
    if archive.returncode != 0:
        reason = archive.stderr.decode(errors="replace").strip()
        pytest.fail(
            f"The previous release, {commit} in {COMMIT_FILE.relative_to(ROOT)}, is not in this "
            f"clone: {reason}. If the clone is shallow, run `git fetch --unshallow`."
        )
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(folder, filter="data")
    return folder


def wait_until(condition: Callable[[], object], *, details: Callable[[], object] = str) -> None:
    """Fail with `details()` if the condition does not become true."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"The condition was not true within {TIMEOUT_SECONDS} s. {details()}")
        time.sleep(0.05)
