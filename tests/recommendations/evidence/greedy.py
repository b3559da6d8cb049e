"""Readers of files that need too much, for `test_isolation`."""

import os
import time
from typing import BinaryIO

from recommendations.evidence.file_types import UnacceptableFile


def environment(file: BinaryIO, *, name: str) -> bytes:
    return f"{name}: {file.read().decode()} {sorted(os.environ)}".encode()


def refuse(file: BinaryIO, *, name: str) -> bytes:
    raise UnacceptableFile(f"“{name}” is a refusal.")


def compute(file: BinaryIO, *, name: str) -> bytes:
    while True:
        pass


def sleep(file: BinaryIO, *, name: str) -> bytes:
    time.sleep(3600)
    return b""


def fill_memory(file: BinaryIO, *, name: str) -> bytes:
    return bytes(2_000_000_000)


def fill_the_disk(file: BinaryIO, *, name: str) -> bytes:
    return bytes(60_000_000)


def crash(file: BinaryIO, *, name: str) -> bytes:
    os.abort()
