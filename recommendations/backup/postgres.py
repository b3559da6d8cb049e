"""Runs pg_dump and pg_restore. The password is in their environment, which `ps` does not show."""

import os
import shutil
import subprocess  # nosec B404 # of two programs, without a shell
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import IO

from django.db import connection

from recommendations.backup.errors import BackupError

_CONNECTION = {  # settings of Django and variables of libpq
    "HOST": "PGHOST",
    "PORT": "PGPORT",
    "USER": "PGUSER",
    "PASSWORD": "PGPASSWORD",
    "NAME": "PGDATABASE",
}


def _environment() -> dict[str, str]:
    values = {
        variable: str(connection.settings_dict[name])
        for name, variable in _CONNECTION.items()
        if connection.settings_dict.get(name)
    }
    return os.environ | values | {"PGTZ": "UTC", "LC_ALL": "C"}


def _program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise BackupError(
            f"{name} was not found. Install the PostgreSQL client of the server's version or newer."
        )
    return path


@contextmanager
def dumping(snapshot: str) -> Iterator[IO[bytes]]:
    """Yield the output of pg_dump of this exported snapshot. Raises BackupError if it fails."""
    command = [_program("pg_dump"), "--format=custom", f"--snapshot={snapshot}", "--no-password"]
    with _running(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield process.stdout
        process.stdout.read()  # an encrypted stream that ended early must not stop it silently


def restoring() -> AbstractContextManager[IO[bytes]]:
    """Give the input of pg_restore, which writes all in one transaction, or nothing."""
    command = [_program("pg_restore"), "--single-transaction", "--exit-on-error", "--no-owner"]
    command += ["--no-comments", "--no-password", "--dbname", connection.settings_dict["NAME"]]
    return _input_of(command)


def reading() -> AbstractContextManager[IO[bytes]]:
    """Give the input of a pg_restore that only reads the dump, to see that it can be read."""
    return _input_of([_program("pg_restore"), "--file=/dev/null"])


@contextmanager
def _input_of(command: Sequence[str]) -> Iterator[IO[bytes]]:
    with _running(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        try:
            yield process.stdin
        finally:
            with suppress(BrokenPipeError):  # it has ended, and its exit status says why
                process.stdin.close()


@contextmanager
def _running(
    command: Sequence[str], *, stdin: int | None = subprocess.DEVNULL, stdout: int | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a program. Raises BackupError with the end of its messages if it fails."""
    with subprocess.Popen(  # noqa: S603  # nosec B603 # constant arguments
        command,
        env=_environment(),
        stdin=stdin,
        stdout=stdout or subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield process
        except BrokenPipeError:
            pass  # its exit status says why
        except BaseException:
            process.kill()
            raise
        assert process.stderr is not None
        messages = process.stderr.read().decode(errors="replace").strip()
        if process.wait() != 0:
            name = Path(command[0]).name
            last = "\n".join(messages.splitlines()[:3]) or f"exit status {process.returncode}"
            raise BackupError(f"{name} failed: {last}")
