"""What an uploaded file is, by its bytes; or the sentence why it is not taken in."""

import hashlib
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

from recommendations.evidence.email_files import inspect_message, inspect_ole, looks_like_message
from recommendations.evidence.file_names import clean_name, ending_of
from recommendations.evidence.file_types import (
    MAX_SIZE,
    PDF,
    TEXT,
    Kind,
    Unacceptable,
    size_in_words,
)
from recommendations.evidence.image_files import inspect_image, looks_like_image
from recommendations.evidence.office_files import inspect_office
from recommendations.evidence.text_files import inspect_text, unknown

_HEAD = 1024
_PIECE = 256 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, kw_only=True)
class Inspected:
    """A file that may be kept. `size` counts bytes; `sha256` is 64 hex digits."""

    name: str
    kind: Kind
    size: int
    sha256: str


def inspect(file: BinaryIO, *, name: str, size: int) -> Inspected:
    """Read the file through. Raises Unacceptable with a sentence that names it."""
    name = clean_name(name)
    if size == 0:
        raise Unacceptable(f"“{name}” is empty.")
    if size > MAX_SIZE:
        raise Unacceptable(
            f"“{name}” is {size_in_words(size)}. A file can be up to "
            f"{MAX_SIZE // 1024 // 1024} MB: make it smaller, or split it."
        )
    kind = _inspect(file, name, depth=1, size=size)
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    return Inspected(name=name, kind=kind, size=size, sha256=digest.hexdigest())


def _inspect(file: BinaryIO, name: str, *, depth: int, size: int) -> Kind:
    kind = _kind(file, name, depth=depth, size=size)
    ending = ending_of(name)
    if ending not in kind.endings and not (kind is TEXT and not ending):
        said = f"ends in .{ending}" if ending else "has no ending"
        raise Unacceptable(
            f"“{name}” {said}, but its content is a {kind.label} (.{kind.endings[0]}). "
            "Give it the right ending and choose it again."
            if kind is not TEXT
            else unknown(name)
        )
    return kind


def _inspect_attached(file: BinaryIO, name: str, depth: int) -> object:
    data = file.read()
    file.seek(0)
    return _inspect(file, clean_name(name), depth=depth, size=len(data)) if data else None


def _kind(file: BinaryIO, name: str, *, depth: int, size: int) -> Kind:
    file.seek(0)
    head = file.read(_HEAD)
    if head.startswith(b"PK\x03\x04"):
        _refuse_two_in_one(b"%PDF-" in head, name)
        return inspect_office(file, name=name, size=size)
    if head.startswith(_OLE):
        return inspect_ole(file, name=name, depth=depth, inspect=_inspect_attached)
    file.seek(0)
    _refuse_two_in_one(zipfile.is_zipfile(file), name)
    if head.startswith(b"%PDF-"):
        return _inspect_pdf(file, name)
    _refuse_two_in_one(b"%PDF-" in head, name)
    if looks_like_image(head):
        return inspect_image(file, name=name)
    if ending_of(name) == "eml" or looks_like_message(head):
        return inspect_message(file, name=name, depth=depth, inspect=_inspect_attached)
    return inspect_text(file, name=name)


def _inspect_pdf(file: BinaryIO, name: str) -> Kind:
    """A PDF ends with its mark; what follows the mark is not the document's."""
    file.seek(0)
    content = file.read()
    end = content.rfind(b"%%EOF")
    if end < 0:
        raise Unacceptable(f"“{name}” is a PDF that breaks off. Save it again.")
    _refuse_two_in_one(len(content) - end > _HEAD, name)
    return PDF


def _refuse_two_in_one(is_both: bool, name: str) -> None:
    if is_both:
        raise Unacceptable(f"“{name}” is two kinds of file in one, so it is not safe to keep.")
