"""Previews of evidence: images and the first page of a PDF as PNG, the beginning of a text."""

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
    UnacceptableFile,
)
from recommendations.evidence.isolation import run_isolated
from recommendations.evidence.storage import open_file
from recommendations.evidence.text_files import decode

MAX_CHARACTERS = 4_000
MAX_PNG_BYTES = 5 * 1024 * 1024
_RENDERER = "recommendations.evidence.render_preview:render"
_MAX_TEXT_BYTES = 4 * MAX_CHARACTERS  # a character has at most four bytes in UTF-8 and UTF-16

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

    Raises FileNotFoundError if the file does not exist.
    """
    with open_file(key) as file:
        content = file.read(MAX_SIZE + 1)
    if len(content) > MAX_SIZE:
        return None
    is_pdf = BY_CONTENT_TYPE[content_type] is PDF
    try:
        png = run_isolated(_RENDERER, content, name=str(key), is_pdf=is_pdf)
    except UnacceptableFile:
        return None
    return png if 0 < len(png) <= MAX_PNG_BYTES else None
