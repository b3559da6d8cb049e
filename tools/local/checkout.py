"""This checkout: its root folder, its data folder `var/`, its lock and its secret key."""

import fcntl
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"
LOGS = VAR / "log"


class DevCommandError(Exception):
    """A command cannot go on. Its message is printed without a traceback; the exit code is 1."""


class AlreadyRunning(DevCommandError):
    """Another `./dev run` holds the lock of this checkout."""


@contextmanager
def exclusive_lock() -> Iterator[None]:
    """Hold the lock of this checkout. Raises AlreadyRunning if another process holds it."""
    VAR.mkdir(exist_ok=True)
    with (VAR / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(
                "`make run` is already running in this folder. Stop it with Ctrl-C first."
            ) from None
        yield


def secret_key() -> str:
    """Return the SECRET_KEY of this checkout. The first call creates it, with mode 0600."""
    path = VAR / "secret_key"
    if not path.exists():
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:  # noqa: PTH123
            file.write(secrets.token_urlsafe(60))
    return path.read_text()


def installed(name: str) -> str:
    """Return the path of a program installed in the virtual environment."""
    return str(Path(sys.executable).with_name(name))
