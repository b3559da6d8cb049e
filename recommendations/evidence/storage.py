"""Where evidence is kept: the storage `evidence` of the settings, outside the web root.

A file's name there is its random key, so that it says nothing and cannot point anywhere.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.core.files import File
from django.core.files.storage import Storage, storages


def store() -> Storage:
    return storages["evidence"]


def keep(file: BinaryIO, *, key: UUID) -> None:
    """Write it under its key. Raises OSError or the storage's own error, and then keeps nothing."""
    file.seek(0)
    name = _name(key)
    try:
        saved = store().save(name, File(file, name=name))
    except Exception:
        forget(key)
        raise
    if saved != name:  # a storage that renames has another file of this name already
        store().delete(saved)
        raise FileExistsError(name)


def open_file(key: UUID) -> "File[Any]":
    """Raises FileNotFoundError where it is gone."""
    return store().open(_name(key), "rb")


def forget(key: UUID) -> None:
    store().delete(_name(key))


def forget_all(keys: Iterable[UUID]) -> None:
    for key in keys:
        forget(key)


def kept_before(at: datetime) -> Iterator[UUID]:
    """The keys of the files that were written before an instant."""
    here = store()
    for folder in _folders(here):
        for name in here.listdir(folder)[1]:
            if here.get_modified_time(f"{folder}/{name}") < at:
                yield UUID(name)


def _folders(here: Storage) -> list[str]:
    try:
        return sorted(folder for folder in here.listdir("")[0] if len(folder) == 2)
    except FileNotFoundError:
        return []


def _name(key: UUID) -> str:
    return f"{key.hex[:2]}/{key}"
