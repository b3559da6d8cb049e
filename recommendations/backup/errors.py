"""Errors of backups."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class BackupError(Exception):
    """What happened, to what, and what to do next, as sentences for the operator."""


@contextmanager
def explained_disk_errors(folder: Path) -> Iterator[None]:
    """Turn an error of the file system into a BackupError."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_SPACE:
            raise BackupError(
                f"The disk of {folder} is full. The backup was not made. Free some space and run "
                "this again."
            ) from error
        raise BackupError(f"{error.filename or folder}: {error.strerror or error}.") from error
