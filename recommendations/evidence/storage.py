"""Stores evidence files in the storage `evidence` of the settings, outside the web root.

The name of a stored file is its random key, so it reveals nothing and cannot be a path.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.core.files import File
from django.core.files.storage import Storage, storages


def store() -> Storage:
    return storages["evidence"]


def save_file(file: BinaryIO, *, key: UUID) -> None:
    """Store a file under its key. Raises OSError or the storage's own error, and stores nothing."""
    file.seek(0)
    name = _name(key)
    try:
        saved = store().save(name, File(file, name=name))
    except Exception:
        delete_file(key)
        raise
    if saved != name:  # a storage that renames has another file of this name already
        store().delete(saved)
        raise FileExistsError(name)


def open_file(key: UUID) -> "File[Any]":
    """Open a stored file. Raises FileNotFoundError if it does not exist."""
    return store().open(_name(key), "rb")


def delete_file(key: UUID) -> None:
    store().delete(_name(key))


def delete_files(keys: Iterable[UUID]) -> None:
    for key in keys:
        delete_file(key)


def keys_stored_before(at: datetime) -> Iterator[UUID]:
    storage = store()
    for folder in _folders(storage):
        for name in storage.listdir(folder)[1]:
            if storage.get_modified_time(f"{folder}/{name}") < at:
                yield UUID(name)


def _folders(storage: Storage) -> list[str]:
    try:
        return sorted(folder for folder in storage.listdir("")[0] if len(folder) == 2)
    except FileNotFoundError:
        return []


def _name(key: UUID) -> str:
    return f"{key.hex[:2]}/{key}"
