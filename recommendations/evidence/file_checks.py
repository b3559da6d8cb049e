"""Determines the type of an uploaded file from its bytes, and checks that it is safe to store.

`validation.inspect` calls this in a process of its own, so this module must not need Django, and
imports what only some types of file need where it needs it.
"""

import zipfile
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from recommendations.evidence import file_types
from recommendations.evidence.email_files import inspect_message, inspect_ole, looks_like_message
from recommendations.evidence.file_names import clean_name, extension_of
from recommendations.evidence.file_types import FileType, UnacceptableFile
from recommendations.evidence.image_files import inspect_image, looks_like_image
from recommendations.evidence.text_files import inspect_text, wrong_type

_HEAD_SIZE = 1024  # bytes
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, kw_only=True)
class FileToCheck:
    """A file to check: an upload, or an attachment of a message (`depth` is 2 or more)."""

    content: BinaryIO
    name: str
    size: int  # in bytes
    depth: int
    is_scanned: bool  # for viruses afterwards: then PDFs may have scripts


def check(file: BinaryIO, *, name: str, size: int, is_scanned: bool) -> bytes:
    """Return the content type. Raises UnacceptableFile with a sentence that names the file."""
    upload = FileToCheck(content=file, name=name, size=size, depth=1, is_scanned=is_scanned)
    return _checked_type(upload).content_type.encode()


def _checked_type(upload: FileToCheck) -> FileType:
    kind, name = _type(upload), upload.name
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


def _check_attached(file: BinaryIO, name: str, depth: int, *, is_scanned: bool) -> None:
    size = len(file.read())
    file.seek(0)
    if size:
        name = clean_name(name)
        _checked_type(
            FileToCheck(content=file, name=name, size=size, depth=depth, is_scanned=is_scanned)
        )


def _type(upload: FileToCheck) -> FileType:
    file, name, depth = upload.content, upload.name, upload.depth
    check_attached = partial(_check_attached, is_scanned=upload.is_scanned)
    file.seek(0)
    head = file.read(_HEAD_SIZE)
    if head.startswith(b"PK\x03\x04"):
        from recommendations.evidence.office_files import inspect_office

        _refuse_combined(b"%PDF-" in head, name)
        return inspect_office(file, name=name, size=upload.size)
    if head.startswith(_OLE):
        return inspect_ole(file, name=name, depth=depth, inspect=check_attached)
    file.seek(0)
    _refuse_combined(zipfile.is_zipfile(file), name)
    if head.startswith(b"%PDF-"):
        from recommendations.evidence.pdf_files import inspect_pdf

        return inspect_pdf(file, name=name, is_scanned=upload.is_scanned)
    _refuse_combined(b"%PDF-" in head, name)
    if looks_like_image(head):
        return inspect_image(file, name=name)
    if extension_of(name) == "eml" or looks_like_message(head):
        return inspect_message(file, name=name, depth=depth, inspect=check_attached)
    return inspect_text(file, name=name)


def _refuse_combined(is_combined: bool, name: str) -> None:
    if is_combined:
        raise UnacceptableFile(f"“{name}” is two types of file in one, so it is not safe to store.")
