"""Determines the type of an uploaded file from its bytes, and checks that it is safe to store.

`validation.inspect` calls this in a process of its own, so this module must not need Django, and
imports what only some types of file need where it needs it.
"""

import json
import re
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

from recommendations.evidence import file_types
from recommendations.evidence.attachments import HEAD_SIZE, PDF
from recommendations.evidence.email_files import (
    inspect_message,
    looks_like_message,
    safe_message_copy,
)
from recommendations.evidence.file_names import extension_of
from recommendations.evidence.file_types import FileType, UnacceptableFile
from recommendations.evidence.image_files import inspect_image, looks_like_image
from recommendations.evidence.programs import OLE_START, ZIP_START
from recommendations.evidence.text_files import inspect_text, wrong_type

_OTHER_KINDS = tuple(  # what people upload, by the first bytes, and what to do about it
    (re.compile(pattern, re.DOTALL), reason)
    for pattern, reason in (
        (rb"....ftyp(?:hei|hev|mif|avif)", "is a HEIC or AVIF photo. Save it as a JPEG image."),
        (rb"....ftyp|RIFF|\x1aE\xdf\xa3|ID3", "is a video or a sound. Upload a document instead."),
        (rb"II\*\0|MM\0\*", "is a TIFF image. Save it as a PDF or as a PNG image."),
        (rb"BM....\0\0\0\0", "is a BMP image. Save it as a PNG image."),
        (rb"\{\\rtf", "is a rich text document (.rtf). Save it as .docx or as a PDF."),
        (rb"Rar!|7z\xbc\xaf|\x1f\x8b", "is an archive. Upload the files inside it one by one."),
    )
)
_MARKUP = b"<"  # before the header of a PDF, it would make the file a web page too


@dataclass(frozen=True, kw_only=True)
class FileToCheck:
    content: BinaryIO
    name: str
    size: int  # in bytes
    is_scanned: bool  # for viruses afterwards: then PDFs may have scripts


def check(file: BinaryIO, *, name: str, size: int, is_scanned: bool) -> bytes:
    """Return the content type. Raises UnacceptableFile with a sentence that names the file."""
    upload = FileToCheck(content=file, name=name, size=size, is_scanned=is_scanned)
    return _checked_type(upload).content_type.encode()


def replaced_attachments(
    file: BinaryIO, *, name: str, content_type: str, is_scanned: bool
) -> bytes:
    """Return a JSON list of sentences: why attachments of a message are replaced in copies."""
    if content_type == file_types.EMAIL.content_type:
        found = inspect_message(file.read(), name=name, is_scanned=is_scanned)
    else:
        from recommendations.evidence.outlook_files import inspect_outlook

        found = inspect_outlook(file, name=name, is_scanned=is_scanned)
    return json.dumps(found).encode()


def safe_copy(file: BinaryIO, *, name: str, content_type: str, is_scanned: bool) -> bytes:
    """Return a stored message, with the reason in place of each attachment that could do harm."""
    content = file.read()
    if content_type == file_types.EMAIL.content_type:
        return safe_message_copy(content, name=name, is_scanned=is_scanned)
    from recommendations.evidence.outlook_files import safe_outlook_copy

    return safe_outlook_copy(content, name=name, is_scanned=is_scanned)


def _checked_type(upload: FileToCheck) -> FileType:
    kind, name = _type(upload), upload.name
    extension = extension_of(name)
    if extension in kind.extensions or (kind is file_types.TEXT and not extension):
        return kind
    if kind is file_types.TEXT:
        raise UnacceptableFile(wrong_type(name))
    found = f"ends in .{extension}" if extension else "has no file extension"
    raise UnacceptableFile(
        f"“{name}” {found}, but it is {kind.one} (.{kind.extensions[0]}). Correct the "
        "extension and upload it again."
    )


def _type(upload: FileToCheck) -> FileType:
    file, name = upload.content, upload.name
    file.seek(0)
    head = file.read(HEAD_SIZE)
    if head.startswith(ZIP_START):
        from recommendations.evidence.office_files import inspect_office

        _refuse_combined(PDF in head, name)
        return inspect_office(file, name=name, size=upload.size)
    if head.startswith(OLE_START):
        from recommendations.evidence.outlook_files import inspect_outlook

        inspect_outlook(file, name=name, is_scanned=upload.is_scanned)
        return file_types.OUTLOOK
    file.seek(0)
    _refuse_combined(zipfile.is_zipfile(file), name)
    if head.startswith(PDF) or (PDF in head and _is_pdf_with_more(head)):
        from recommendations.evidence.pdf_files import inspect_pdf

        return inspect_pdf(file, name=name, is_scanned=upload.is_scanned)
    if looks_like_image(head):
        _refuse_combined(PDF in head, name)
        return inspect_image(file, name=name)
    if extension_of(name) == "eml" or looks_like_message(head):
        file.seek(0)
        inspect_message(file.read(), name=name, is_scanned=upload.is_scanned)
        return file_types.EMAIL
    _refuse_combined(PDF in head, name)
    for pattern, reason in _OTHER_KINDS:
        if pattern.match(head):
            raise UnacceptableFile(f"“{name}” {reason}")
    return inspect_text(file, name=name)


def _is_pdf_with_more(head: bytes) -> bool:
    """Whether what stands before the header, such as a printer's commands, is of no other type."""
    before = head.partition(PDF)[0]
    return not (
        _MARKUP in before
        or before.startswith(b"MZ")
        or looks_like_image(before)
        or looks_like_message(before)
    )


def _refuse_combined(is_combined: bool, name: str) -> None:
    if is_combined:
        raise UnacceptableFile(f"“{name}” is two types of file in one, so it is not safe to store.")
