"""Determines the type of an uploaded file from its bytes, and checks that it is safe to store."""

import hashlib
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

from recommendations.evidence import file_types
from recommendations.evidence.email_files import inspect_message, inspect_ole, looks_like_message
from recommendations.evidence.file_names import clean_name, extension_of
from recommendations.evidence.file_types import FileType, UnacceptableFile
from recommendations.evidence.image_files import inspect_image, looks_like_image
from recommendations.evidence.office_files import inspect_office
from recommendations.evidence.text_files import inspect_text, wrong_type

_HEAD_SIZE = 1024  # bytes
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, kw_only=True)
class Inspected:
    """A file that can be stored. `size` is in bytes; `sha256` is 64 hex digits."""

    name: str
    kind: FileType
    size: int
    sha256: str


def inspect(file: BinaryIO, *, name: str, size: int) -> Inspected:
    """Check the whole file. Raises UnacceptableFile with a sentence that names it."""
    name = clean_name(name)
    if size == 0:
        raise UnacceptableFile(f"“{name}” is empty.")
    if size > file_types.MAX_SIZE:
        raise UnacceptableFile(
            f"“{name}” is {file_types.file_size(size)}. Files can be up to "
            f"{file_types.MAX_SIZE // 1024 // 1024} MB. Make it smaller, or split it."
        )
    kind = _inspect(file, name, depth=1, size=size)
    file.seek(0)
    sha256 = hashlib.sha256(file.read()).hexdigest()
    return Inspected(name=name, kind=kind, size=size, sha256=sha256)


def _inspect(file: BinaryIO, name: str, *, depth: int, size: int) -> FileType:
    kind = _kind(file, name, depth=depth, size=size)
    extension = extension_of(name)
    if extension in kind.extensions or (kind is file_types.TEXT and not extension):
        return kind
    if kind is file_types.TEXT:
        raise UnacceptableFile(wrong_type(name))
    found = f"ends in .{extension}" if extension else "has no file extension"
    raise UnacceptableFile(
        f"“{name}” {found}, but it is a {kind.label} (.{kind.extensions[0]}). Correct the "
        "extension and upload it again."
    )


def _inspect_attached(file: BinaryIO, name: str, depth: int) -> object:
    data = file.read()
    file.seek(0)
    return _inspect(file, clean_name(name), depth=depth, size=len(data)) if data else None


def _kind(file: BinaryIO, name: str, *, depth: int, size: int) -> FileType:
    file.seek(0)
    head = file.read(_HEAD_SIZE)
    if head.startswith(b"PK\x03\x04"):
        _refuse_combined(b"%PDF-" in head, name)
        return inspect_office(file, name=name, size=size)
    if head.startswith(_OLE):
        return inspect_ole(file, name=name, depth=depth, inspect=_inspect_attached)
    file.seek(0)
    _refuse_combined(zipfile.is_zipfile(file), name)
    if head.startswith(b"%PDF-"):
        return _inspect_pdf(file, name)
    _refuse_combined(b"%PDF-" in head, name)
    if looks_like_image(head):
        return inspect_image(file, name=name)
    if extension_of(name) == "eml" or looks_like_message(head):
        return inspect_message(file, name=name, depth=depth, inspect=_inspect_attached)
    return inspect_text(file, name=name)


def _inspect_pdf(file: BinaryIO, name: str) -> FileType:
    """Return PDF. Raises UnacceptableFile if the end mark is missing or something follows it."""
    file.seek(0)
    content = file.read()
    end = content.rfind(b"%%EOF")
    if end < 0:
        raise UnacceptableFile(
            f"“{name}” is damaged: the end of the PDF is missing. Save it again."
        )
    _refuse_combined(len(content) - end > _HEAD_SIZE, name)
    return file_types.PDF


def _refuse_combined(is_combined: bool, name: str) -> None:
    if is_combined:
        raise UnacceptableFile(f"“{name}” is two types of file in one, so it is not safe to store.")
