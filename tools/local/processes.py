"""Starts named child processes, watches them, and stops them all together."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from tools.local.checkout import DevCommandError

STOP_TIMEOUT_SECONDS = 10  # a process that has not ended by then is killed
LOG_TAIL_LINES = 8


class Processes:
    """The child processes of one command.

    They are stopped in the reverse order of their start. Each writes to its own file in `logs`.
    """

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self._stop_signals: dict[str, int] = {}
        self._make = _Make.if_parent()
        logs.mkdir(parents=True, exist_ok=True)

    def start(
        self,
        name: str,
        command: list[str],
        environment: dict[str, str] | None = None,
        *,
        stop_signal: int = signal.SIGTERM,
    ) -> None:
        """Start a process in its own group, which Ctrl-C in the terminal does not reach.

        `stop_signal` makes it end cleanly. Without an environment it gets the one of this process.
        """
        with self._log(name).open("wb") as output:
            self.running[name] = subprocess.Popen(
                [*with_parent_death_signal("KILL"), *command],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._stop_signals[name] = stop_signal

    def watch(self) -> None:
        """Wait for KeyboardInterrupt, and raise it for make. Raises DevCommandError if one ends."""
        while self._make is None or not self._make.has_stopped():
            self.check_running()
            time.sleep(0.2)
        raise KeyboardInterrupt

    def check_running(self) -> None:
        """Raise DevCommandError, with the end of its log, if a process has ended."""
        for name, process in self.running.items():
            if process.poll() is not None:
                raise DevCommandError(
                    f"{name} stopped unexpectedly ({_describe_exit(process.returncode)}), so the "
                    f"other processes were stopped too. The end of its log ({self._log(name)}):\n"
                    f"{self._log_tail(name)}"
                )

    def stop(self) -> None:
        """Stop every process and all that it started, the last one first."""
        for name, process in reversed(self.running.items()):
            if process.poll() is None:
                process.send_signal(self._stop_signals[name])
            try:
                process.wait(timeout=STOP_TIMEOUT_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)  # what it started and left running
        self.running.clear()

    def _log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def _log_tail(self, name: str) -> str:
        lines = self._log(name).read_text(errors="replace").splitlines()
        return "\n".join(f"  {line}" for line in lines[-LOG_TAIL_LINES:]) or "  (empty)"


class _Make:
    """The make that started this process. It passes on SIGTERM, but not SIGINT and not its end."""

    def __init__(self, number: int) -> None:
        self._number = number

    @classmethod
    def if_parent(cls) -> "_Make | None":
        """Return it if make is the parent process; elsewhere than on Linux nothing is known."""
        name = Path(f"/proc/{os.getppid()}/comm")
        is_make = name.exists() and name.read_text().strip() in {"make", "gmake"}
        return cls(os.getppid()) if is_make else None

    def has_stopped(self) -> bool:
        """Whether it has ended, or waits for this process in its handler of SIGINT.

        In a handler the signal itself is blocked.
        """
        if os.getppid() != self._number:
            return True
        with suppress(FileNotFoundError):
            status = Path(f"/proc/{self._number}/status").read_text()
            blocked = status.partition("SigBlk:")[2].split()[0]
            return bool(int(blocked, 16) & 1 << signal.SIGINT - 1)
        return False


def stop_on_signals() -> None:
    """Let SIGINT, SIGTERM and SIGHUP raise KeyboardInterrupt, so that a command stops cleanly.

    SIGINT too: a shell starts background jobs with SIGINT ignored, and Python then leaves it
    ignored. SIGHUP stays ignored under nohup. Only the first signal counts, so that a second one
    cannot interrupt the clean-up.
    """
    signals = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signals.append(signal.SIGHUP)

    def interrupt(number: int, frame: FrameType | None) -> None:
        for stop_signal in signals:
            signal.signal(stop_signal, signal.SIG_IGN)
        raise KeyboardInterrupt

    for stop_signal in signals:
        signal.signal(stop_signal, interrupt)


def with_parent_death_signal(name: str) -> list[str]:
    """A prefix that makes Linux send a command this signal when its parent ends.

    A parent killed in the first milliseconds, before setpriv has run, leaves the command running.
    """
    if sys.platform != "linux" or not shutil.which("setpriv"):
        return []
    return ["setpriv", "--pdeathsig", name]


@contextmanager
def step(title: str) -> Iterator[None]:
    """Print the title of a step, then how long it took, or that it failed."""
    print(f"{title} ... ", end="", flush=True)
    started = time.monotonic()
    try:
        yield
    except DevCommandError:
        print("failed", flush=True)
        raise
    print(f"{time.monotonic() - started:.1f} s", flush=True)


def wait_until(ready: Callable[[], bool], *, timeout_seconds: float, processes: Processes) -> None:
    """Return once `ready()` is true. Raises DevCommandError if a process ends or time runs out."""
    deadline = time.monotonic() + timeout_seconds
    while not ready():
        processes.check_running()
        if time.monotonic() > deadline:
            raise DevCommandError(
                f"The service did not respond within {timeout_seconds:.0f} seconds. "
                f"See {processes.logs}."
            )
        time.sleep(0.05)


def _describe_exit(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
