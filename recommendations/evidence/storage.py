"""Stores evidence files in the storage `evidence` of the settings, outside the web root.

The name of a stored file is its random key, so it reveals nothing and cannot be a path. A file that
is removed goes to the bin, a folder of the same storage, with the day of its removal
(docs/decisions/0019). Opening it brings it back.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages

BIN = "bin"


@dataclass(frozen=True)
class BinnedFile:
    """A file in the bin, with the London day on which it was removed."""

    key: UUID
    removed_on: date


def store() -> Storage:
    return storages["evidence"]


def save_file(file: BinaryIO, *, key: UUID) -> None:
    """Store a file under its key. Raises OSError or the storage's own error, and stores nothing."""
    file.seek(0)
    name = _name(key)
    try:
        saved = store().save(name, File(file, name=name))
    except Exception:
        with suppress(OSError):
            delete_file(key)
        raise
    if saved != name:  # a storage that renames has another file of this name already
        store().delete(saved)
        raise FileExistsError(name)


def open_file(key: UUID) -> "File[Any]":
    """Open a stored file, and bring it back if it is in the bin.

    Raises FileNotFoundError if it is in neither.
    """
    try:
        return store().open(_name(key), "rb")
    except FileNotFoundError:
        if not restore_file(key):
            raise
    return store().open(_name(key), "rb")


def delete_file(key: UUID) -> None:
    """Delete a file that never had a row. Any other goes to the bin."""
    store().delete(_name(key))


def move_to_bin(keys: Iterable[UUID], *, on: date) -> None:
    """Move files to the bin, one by one; a key without a file is left out."""
    for key in keys:
        _move(_name(key), _name_in_bin(BinnedFile(key, on)))


def restore_file(key: UUID) -> bool:
    """Bring a file back from the bin, the latest if there are several. False if there is none."""
    days = sorted(_days_in_bin(), reverse=True)
    return any(_move(_name_in_bin(BinnedFile(key, day)), _name(key)) for day in days)


def delete_from_bin(file: BinnedFile) -> None:
    """Delete a file for good."""
    name = _name_in_bin(file)
    store().delete(name)
    with suppress(OSError):  # other files of the day
        store().delete(name.rpartition("/")[0])


def files_in_bin() -> Iterator[BinnedFile]:
    for day in _days_in_bin():
        for key in _keys(f"{BIN}/{day.isoformat()}"):
            yield BinnedFile(key, day)


def stored_keys() -> Iterator[UUID]:
    """The keys of all files that are not in the bin."""
    for folder in _list("")[0]:
        if len(folder) == 2:
            yield from _keys(folder)


def stored_at(key: UUID) -> datetime:
    """Return the instant at which a file was stored. Raises FileNotFoundError."""
    return store().get_modified_time(_name(key))


def _move(source: str, target: str) -> bool:
    """Move a file: at once on a disk, and copied before it is deleted elsewhere. False if none."""
    storage = store()
    if isinstance(storage, FileSystemStorage):
        return _rename(Path(storage.path(source)), Path(storage.path(target)))
    try:
        with storage.open(source, "rb") as file:
            if not storage.exists(target):
                storage.save(target, file)
    except FileNotFoundError:
        return False
    storage.delete(source)
    return True


def _rename(source: Path, target: Path) -> bool:
    if not source.exists():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.replace(target)
    except FileNotFoundError:  # another process was faster
        return False
    with suppress(FileNotFoundError):  # moved on by another process
        os.utime(target)  # so that a restored file without a row is not old at once
    return True


def _days_in_bin() -> list[date]:
    days = []
    for folder in _list(BIN)[0]:
        with suppress(ValueError):
            days.append(date.fromisoformat(folder))
    return days


def _keys(folder: str) -> Iterator[UUID]:
    for name in _list(folder)[1]:
        with suppress(ValueError):  # not one of ours
            yield UUID(name)


def _list(folder: str) -> tuple[list[str], list[str]]:
    """Return the folders and the files of a folder, which need not exist."""
    try:
        folders, files = store().listdir(folder)
    except FileNotFoundError:
        return [], []
    return sorted(folders), sorted(files)


def _name(key: UUID) -> str:
    return f"{key.hex[:2]}/{key}"


def _name_in_bin(file: BinnedFile) -> str:
    return f"{BIN}/{file.removed_on.isoformat()}/{file.key}"
