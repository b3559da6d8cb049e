"""A name for the running release."""

from hashlib import sha256
from pathlib import Path

_FOLDERS = ("countylines", "forces", "recommendations", "templates", "static")
_SUFFIXES = frozenset({".py", ".html", ".txt", ".css", ".js", ".svg", ".json"})


def release_of(project: Path) -> str:
    """Return 16 hexadecimal digits that change with the code, the templates and the styles.

    Snapshots and browser copies of another release are not used.
    """
    digest = sha256()
    for folder in _FOLDERS:
        for path in sorted((project / folder).rglob("*")):
            if path.suffix in _SUFFIXES and path.is_file():
                digest.update(f"{path.relative_to(project)}\n".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
