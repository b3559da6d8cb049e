"""Starts named processes, watches them together, and stops them all when one ends or we must."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from countylines.embedded.sentence import Sentence

GRACE = 10  # seconds between asking a process to end and killing it


class Processes:
    """The children of one launcher, in the order in which they were started.

    They are stopped in the reverse order. Each writes to its own file in `logs`.
    """

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self._stop_with: dict[str, int] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def log(self, name: str) -> Path:
        """The file a process writes to, emptied at each start."""
        path = self.logs / f"{name}.log"
        path.write_bytes(b"")
        return path

    def start(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        """Start a process of our own."""
        with self.log(name).open("ab") as output:
            process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent if sys.platform == "linux" else None,
            )
        self.add(name, process)

    def add(
        self, name: str, process: subprocess.Popen[bytes], *, stop_with: int = signal.SIGTERM
    ) -> None:
        """Watch a process that was started elsewhere; `stop_with` asks it to end."""
        self.running[name] = process
        self._stop_with[name] = stop_with

    def watch(self) -> None:
        """Return never: raise Sentence when a process ends, KeyboardInterrupt when we must."""
        while True:
            self.refuse_ended()
            time.sleep(0.2)

    def refuse_ended(self) -> None:
        """Raise Sentence where a process has ended, with its last words."""
        for name, process in self.running.items():
            if process.poll() is not None:
                raise Sentence(
                    f"{name} ended by itself ({_how(process.returncode)}), so all was stopped. "
                    f"Its last words (var/log/{name}.log):\n{self._last_words(name)}"
                )

    def stop(self) -> None:
        """End every process, the last started first; none is left behind."""
        for name, process in reversed(self.running.items()):
            if process.poll() is None:
                process.send_signal(self._stop_with[name])
            try:
                process.wait(timeout=GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            _kill_group(process.pid)
        self.running.clear()

    def _last_words(self, name: str) -> str:
        lines = (self.logs / f"{name}.log").read_text(errors="replace").splitlines()
        return "\n".join(f"  {line}" for line in lines[-8:]) or "  none"


def stop_on_signals() -> None:
    """SIGTERM and SIGHUP end us as Ctrl-C does: in order, with everything stopped."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)


def die_with_parent() -> None:
    """In the child, before it runs: Linux sends it SIGKILL when the launcher is gone."""
    import ctypes

    set_parent_death_signal = 1  # PR_SET_PDEATHSIG of <sys/prctl.h>
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)


def wait_for(ready: Callable[[], bool], *, seconds: float, processes: Processes) -> None:
    """Return once ready. Raises Sentence where a process ends first, or time runs out."""
    until = time.monotonic() + seconds
    while not ready():
        processes.refuse_ended()
        if time.monotonic() > until:
            raise Sentence(f"The service did not answer for {seconds:.0f} s; see var/log/.")
        time.sleep(0.05)


def _kill_group(group: int) -> None:
    """Whatever a process started and forgot."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
