"""The evidence files as one tar stream: written for a backup, read by a restore."""

import hashlib
import os
import tarfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any, BinaryIO
from uuid import UUID

from django.core.files import File

from recommendations.evidence import storage


@contextmanager
def writing(keys: Iterable[str], *, hashes: dict[str, str]) -> Iterator[BinaryIO]:
    """Yield a stream of the stored files with these keys, and fill in `hashes` (SHA-256).

    Files that are missing are left out.
    """
    with _thread(lambda pipe: _write(pipe, keys, hashes), is_writer=True) as stream:
        yield stream


@contextmanager
def reading(handle: Callable[[UUID, IO[bytes]], None]) -> Iterator[BinaryIO]:
    """Yield a stream to write a tar file to; `handle` gets each file in it."""
    with _thread(lambda pipe: _read(pipe, handle), is_writer=False) as stream:
        yield stream


@contextmanager
def _thread(work: Callable[[BinaryIO], None], *, is_writer: bool) -> Iterator[BinaryIO]:
    """Run `work` with one end of a pipe in a thread, and yield the other. Raises its error."""
    read_end, write_end = os.pipe()
    errors: list[BaseException] = []

    def run() -> None:
        with os.fdopen(*((write_end, "wb") if is_writer else (read_end, "rb"))) as pipe:
            try:
                work(pipe)
            except BaseException as error:  # raised again in the caller's thread
                errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        with os.fdopen(*((read_end, "rb") if is_writer else (write_end, "wb"))) as stream:
            yield stream
    except BrokenPipeError:
        if not errors:
            raise
    finally:
        thread.join()
    if errors:
        raise errors[0]


def _write(pipe: BinaryIO, keys: Iterable[str], hashes: dict[str, str]) -> None:
    with tarfile.open(fileobj=pipe, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        for key in keys:
            try:
                file = storage.open_file(UUID(key))
            except FileNotFoundError:
                continue
            with file:
                member = tarfile.TarInfo(key)
                member.size = file.size
                content = _HashingReader(file)
                archive.addfile(member, content)
                hashes[key] = content.sha256.hexdigest()


class _HashingReader:
    def __init__(self, source: "File[Any]") -> None:
        self._source = source
        self.sha256 = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content: bytes = self._source.read(size)
        self.sha256.update(content)
        return content


def _read(pipe: BinaryIO, handle: Callable[[UUID, IO[bytes]], None]) -> None:
    with tarfile.open(fileobj=pipe, mode="r|") as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is not None:
                handle(UUID(member.name), content)
    while pipe.read(65536):
        pass


def sha256_of(content: "IO[bytes] | File[Any]") -> str:
    """Return the SHA-256 of the rest of a stream, as 64 hex digits."""
    digest = hashlib.sha256()
    while block := content.read(65536):
        digest.update(block)
    return digest.hexdigest()
