"""Determines the type of an uploaded file from its bytes, and checks that it is safe to store."""

import hashlib
import json
from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings

from recommendations.evidence import file_types
from recommendations.evidence.file_names import clean_name
from recommendations.evidence.file_types import BY_CONTENT_TYPE, FileType, UnacceptableFile
from recommendations.evidence.isolation import run_isolated

_CHECK = "recommendations.evidence.file_checks:check"
_REPLACED = "recommendations.evidence.file_checks:replaced_attachments"
_SAFE_COPY = "recommendations.evidence.file_checks:safe_copy"


@dataclass(frozen=True, kw_only=True)
class Inspected:
    """A file that can be stored. `size` is in bytes; `sha256` is 64 hex digits.

    `replaced_attachments` has a sentence for each attachment that `safe_copy` replaces.
    """

    name: str
    kind: FileType
    size: int
    sha256: str
    replaced_attachments: list[str]


def has_safe_copy(content_type: str) -> bool:
    """Whether files of this type are served as `safe_copy` makes them: messages."""
    return content_type in (file_types.EMAIL.content_type, file_types.OUTLOOK.content_type)


def safe_copy(content: bytes, *, name: str, content_type: str) -> bytes:
    """Return a stored message, with the reason in place of each attachment that could do harm.

    Raises UnacceptableFile if the message cannot be read any more.
    """
    return run_isolated(
        _SAFE_COPY,
        content,
        name=name,
        content_type=content_type,
        is_scanned=bool(settings.CLAMD_URL),
    )


def inspect(file: BinaryIO, *, name: str, size: int) -> Inspected:
    """Check the whole file, in a process of its own.

    Raises UnacceptableFile with a sentence that names it. A PDF with scripts is acceptable if a
    virus scanner is configured; whoever stores the file must then have it scanned.
    """
    name = clean_name(name)
    if size == 0:
        raise UnacceptableFile(f"“{name}” is empty.")
    if size > file_types.MAX_SIZE:
        raise UnacceptableFile(
            f"“{name}” is {file_types.file_size(size)}. Files can be up to "
            f"{file_types.MAX_SIZE // 1024 // 1024} MB. Make it smaller, or split it."
        )
    file.seek(0)
    content = file.read()
    is_scanned = bool(settings.CLAMD_URL)
    checked = run_isolated(_CHECK, content, name=name, size=size, is_scanned=is_scanned)
    content_type = checked.decode()
    replaced = []
    if has_safe_copy(content_type):
        sentences = run_isolated(
            _REPLACED, content, name=name, content_type=content_type, is_scanned=is_scanned
        )
        replaced = json.loads(sentences)
    return Inspected(
        name=name,
        kind=BY_CONTENT_TYPE[content_type],
        size=size,
        sha256=hashlib.sha256(content).hexdigest(),
        replaced_attachments=replaced,
    )
