"""docker compose, whichever client and engine there are."""

import os
import subprocess
import sys
import time
from pathlib import Path

KEPT_RUNNING = {"db", "redis", "web", "worker", "mail-worker", "beat", "mail"}
LONGEST_START = 240  # seconds


class Compose:
    """Runs compose commands on the project's file with values that only this process knows."""

    def __init__(
        self,
        root: Path,
        command: list[str],
        values: dict[str, str],
        *,
        docker: list[str] | None = None,
        inside: list[str] | None = None,
        environment: dict[str, str] | None = None,
        build_arguments: list[str] | None = None,
    ) -> None:
        self.root, self.command = root, command
        self.docker = docker or ["docker"]
        self.inside = inside or []  # what to put before a command to reach the published ports
        self.environment = {**(environment or os.environ), **values}
        self.build_arguments = build_arguments or []

    def run(self, *arguments: str, stdin: str | None = None) -> str:
        """Output of a compose command. Raises CalledProcessError with its words."""
        return self._output([*self.command, *arguments], stdin)

    def walk(self, script: Path, *arguments: str) -> None:
        self._output([*self.inside, sys.executable, str(script), *arguments], None, own=True)

    def wait_until_healthy(self) -> None:
        waited_until = time.monotonic() + LONGEST_START
        while not_yet := self._not_healthy():
            if time.monotonic() > waited_until:
                raise subprocess.CalledProcessError(
                    1, ["wait until healthy"], stderr=f"Not healthy: {', '.join(not_yet)}"
                )
            time.sleep(1)

    def show_logs(self) -> None:
        print(self.run("ps"), self.run("logs", "--tail=40"), file=sys.stderr)

    def _not_healthy(self) -> list[str]:
        waiting = []
        for service in sorted(KEPT_RUNNING):
            ids = self.run("ps", "-q", service).split()
            form = "{{.State.Health.Status}}"
            states = [
                self._output([*self.docker, "inspect", "--format", form, each], None).strip()
                for each in ids
            ]
            if not states or set(states) != {"healthy"}:
                waiting.append(service)
        return waiting

    def _output(self, command: list[str], stdin: str | None, *, own: bool = False) -> str:
        return subprocess.run(
            command,
            cwd=self.root,
            env=dict(os.environ) if own else self.environment,
            input=stdin or "",
            capture_output=True,
            text=True,
            check=True,
            timeout=600,
        ).stdout
