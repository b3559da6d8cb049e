"""Runs a function that reads a file from a person in a process of its own, with limits.

A malicious file can make a parser run for ever, use all memory or even take it over. The process
has no secrets in its environment, writes no files but its result, and is killed at its limits.
"""

import json
import logging
import signal
import subprocess  # nosec B404 # the process can be killed
import sys
import tempfile
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from recommendations.evidence.file_types import UnacceptableFile
from recommendations.evidence.isolated_process import OUT_OF_MEMORY, REFUSED

MAX_CPU_SECONDS = 10  # of one file
MAX_SECONDS = 20  # including the time in which other processes have the processor
MAX_PROCESSES = 2  # at a time, of one process of the web server: each may need much memory
_processes = BoundedSemaphore(MAX_PROCESSES)
_PROGRAM = Path(__file__).with_name("isolated_process.py")
_OUT_OF_TIME = (-signal.SIGXCPU, -signal.SIGALRM)

log = logging.getLogger(__name__)


class ServiceBusy(UnacceptableFile):
    """The file was not read, because others are being read. It may be acceptable."""


def run_isolated(function: str, content: bytes, *, name: str, **arguments: Any) -> bytes:
    """Call a function on the content of a file, in a process of its own, and return its result.

    `function` is `package.module:function`. Its module must not need Django. It is called with the
    opened file, its name and the arguments, which must be JSON, and returns bytes.

    Raises UnacceptableFile if the function does, if the function fails, or if it reaches a limit;
    ServiceBusy after waiting MAX_SECONDS for other files that are being read.
    """
    if not _processes.acquire(timeout=MAX_SECONDS):
        raise ServiceBusy(
            f"“{name}” could not be read, because the service is busy. Try again in a few minutes."
        )
    try:
        return _run(function, content, name=name, arguments=arguments | {"name": name})
    finally:
        _processes.release()


def _run(function: str, content: bytes, *, name: str, arguments: dict[str, Any]) -> bytes:
    command = [sys.executable, "-I", str(_PROGRAM), function, json.dumps(arguments)]
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as result:
        source.write(content)
        source.seek(0)
        try:
            # The environment is empty, so that a file that takes over the parser finds no secrets.
            finished = subprocess.run(  # noqa: S603  # nosec B603 # our own arguments, no shell
                [*command, str(MAX_CPU_SECONDS)],
                stdin=source,
                stdout=result,
                stderr=subprocess.DEVNULL,
                timeout=MAX_SECONDS,
                check=False,
                env={},
                cwd="/",
            )
            code = finished.returncode
        except subprocess.TimeoutExpired:
            code = -signal.SIGALRM
        result.seek(0)
        if code == 0:
            return result.read()
        if code == REFUSED:
            raise UnacceptableFile(result.read().decode())
    log.warning("A file could not be read by %s: exit code %s", function, code)
    raise UnacceptableFile(_failure(name, code))


def _failure(name: str, code: int) -> str:
    if code in _OUT_OF_TIME:
        return (
            f"“{name}” took longer than {MAX_CPU_SECONDS} seconds to read, so it was not accepted. "
            "Make it smaller, or split it."
        )
    if code in (OUT_OF_MEMORY, -signal.SIGKILL):
        return (
            f"“{name}” needs too much memory to read, so it was not accepted. Make it smaller, or "
            "split it."
        )
    return f"“{name}” is damaged: it cannot be read. Save it again and upload it."
