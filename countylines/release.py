"""A name for the running release."""

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

_FOLDERS = ("countylines", "forces", "recommendations", "templates", "static")
_SUFFIXES = (".py", ".html", ".txt", ".css", ".js", ".svg", ".json")


def release_of(project: Path) -> str:
    """Return 16 hexadecimal digits that change with the code, the templates and the styles.

    Snapshots and browser copies of another release are not used.
    """
    digest = sha256()
    for folder in _FOLDERS:
        for path in sorted(_files(str(project / folder))):
            digest.update(f"{os.path.relpath(path, project)}\n".encode())
            digest.update(Path(path).read_bytes())
    return digest.hexdigest()[:16]


def _files(folder: str) -> Iterator[str]:
    """Yield the paths. `Path.rglob` would look at each several times, whenever a process starts."""
    for parent, _, names in os.walk(folder):
        for name in names:
            if name.endswith(_SUFFIXES):
                yield f"{parent}/{name}"
