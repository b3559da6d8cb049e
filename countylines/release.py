"""What is running: a name that changes with the code, the templates and the styles."""

from hashlib import sha256
from pathlib import Path

_FOLDERS = ("countylines", "forces", "recommendations", "templates", "static")
_KINDS = frozenset({".py", ".html", ".txt", ".css", ".js", ".svg", ".json"})


def release_of(project: Path) -> str:
    """Sixteen hexadecimal digits; rendered pages kept by another release are not served."""
    digest = sha256()
    for folder in _FOLDERS:
        for path in sorted((project / folder).rglob("*")):
            if path.suffix in _KINDS and path.is_file():
                digest.update(f"{path.relative_to(project)}\n".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
