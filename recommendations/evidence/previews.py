"""Previews of evidence: images and the first page of a PDF as PNG, the beginning of a text."""

import subprocess  # nosec B404 # the renderer is a process that can be killed
import sys
from pathlib import Path
from threading import BoundedSemaphore
from typing import Literal
from uuid import UUID

from recommendations.evidence.file_types import (
    BY_CONTENT_TYPE,
    CSV,
    GIF,
    JPEG,
    MAX_SIZE,
    PDF,
    PNG,
    TEXT,
    WEBP,
)
from recommendations.evidence.storage import open_file
from recommendations.evidence.text_files import decode

MAX_CHARACTERS = 4_000
MAX_SECONDS = 8  # of rendering, from the start of its process
MAX_PNG_BYTES = 5 * 1024 * 1024
MAX_RENDERERS = 2  # at a time, of one process of the web server: each may need much memory
_MAX_TEXT_BYTES = 4 * MAX_CHARACTERS  # a character has at most four bytes in UTF-8 and UTF-16
_renderers = BoundedSemaphore(MAX_RENDERERS)
_RENDERER = Path(__file__).with_name("render_preview.py")

PreviewKind = Literal["picture", "text", ""]


def preview_kind(content_type: str) -> PreviewKind:
    """Return how files of this content type are previewed, or "" if they are not."""
    file_type = BY_CONTENT_TYPE.get(content_type)
    if file_type in (PNG, JPEG, GIF, WEBP, PDF):
        return "picture"
    return "text" if file_type in (TEXT, CSV) else ""


def beginning_of_text(key: UUID) -> str:
    """Return the first MAX_CHARACTERS of a stored text, or "" if it is missing or unreadable."""
    try:
        with open_file(key) as file:
            raw = file.read(_MAX_TEXT_BYTES)
    except FileNotFoundError:
        return ""
    for end in range(len(raw), max(len(raw) - 4, 0), -1):  # not in the middle of a character
        if (text := decode(raw[:end])) is not None:
            return text[:MAX_CHARACTERS]
    return ""


def render_png(key: UUID, content_type: str) -> bytes | None:
    """Return a PNG of a stored image or PDF, or None if it cannot be rendered within the limits.

    Waits up to MAX_SECONDS for others that are being rendered. Raises FileNotFoundError if the file
    does not exist.
    """
    with open_file(key) as file:
        content = file.read(MAX_SIZE + 1)
    if len(content) > MAX_SIZE or not _renderers.acquire(timeout=MAX_SECONDS):
        return None
    try:
        return _render(content, "pdf" if BY_CONTENT_TYPE[content_type] is PDF else "image")
    finally:
        _renderers.release()


def _render(content: bytes, kind: str) -> bytes | None:
    try:
        # The environment is empty, so that a file that takes over the decoder finds no secrets.
        finished = subprocess.run(  # noqa: S603  # nosec B603 # constant arguments
            [sys.executable, "-I", str(_RENDERER), kind],
            input=content,
            capture_output=True,
            timeout=MAX_SECONDS,
            check=True,
            env={},
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return None
    return finished.stdout if 0 < len(finished.stdout) <= MAX_PNG_BYTES else None
