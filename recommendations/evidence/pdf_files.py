"""Checks PDF files: what they would run, send or open by themselves."""

import re
from typing import BinaryIO

from recommendations.evidence import file_types
from recommendations.evidence.file_types import FileType, UnacceptableFile
from recommendations.evidence.pdf_objects import PdfObjects, objects_in, rewritten
from recommendations.evidence.programs import (
    ARCHIVE_ENDINGS,
    ARCHIVE_STARTS,
    MACRO_ENDINGS,
    OLE_START,
    PROGRAM_ENDINGS,
    PROGRAM_STARTS,
    WEB_PAGE_ENDINGS,
    ZIP_START,
)

_MAX_AFTER_END = 1024  # bytes after the end mark, not counting padding
_PADDING = b"\0\t\n\f\r \x1a\xff"
_DELIMITER = rb"(?=[\x00\t\n\f\r ()<>\[\]{}/%]|$)"
_SCRIPT = "contains a script"
_ENCRYPTED = "is encrypted or protected with a password, so it cannot be checked"
_ATTACHED = "has a program, an archive or a web page attached"
_REASONS = {
    **dict.fromkeys(("JavaScript", "JS", "AA", "XFA", "Rendition", "RichMedia"), _SCRIPT),
    "OnInstantiate": _SCRIPT,  # of a 3D model
    "Launch": "can start a program",
    **dict.fromkeys(("SubmitForm", "ImportData"), "has a form that sends or loads data"),
    **dict.fromkeys(("GoToR", "GoToE", "Movie"), "opens another file"),
    "Encrypt": _ENCRYPTED,
}
_OPEN_ACTION = re.compile(rb"/OpenAction\s*(?:(\d+)\s+\d+\s+R|(<<[^>]*>>))")
_URI_ACTION = re.compile(rb"/S\s*/URI" + _DELIMITER)
_FILE_NAME = re.compile(
    rb"/(?:UF|F|Desc)\s*(?:\(((?:\\.|[^\\)])*)\)|<([0-9A-Fa-f\s]*)>)", re.DOTALL
)
_EMBEDDED = re.compile(rb"/EF\s*(?:(\d+)\s+\d+\s+R|<<([^>]*)>>)")
_REFERENCE = re.compile(rb"(\d+)\s+\d+\s+R")
_ATTACHED_NAME = re.compile(
    rf"\.(?:{PROGRAM_ENDINGS}|{WEB_PAGE_ENDINGS}|{MACRO_ENDINGS}|{ARCHIVE_ENDINGS})\s*$".encode(),
    re.IGNORECASE,
)
_ATTACHED_STARTS = (*PROGRAM_STARTS, *ARCHIVE_STARTS, ZIP_START, OLE_START)
_ADVICE = (
    "Save it again without this, for example by printing it to a new PDF, and upload the new file."
)


def inspect_pdf(file: BinaryIO, *, name: str, is_scanned: bool) -> FileType:
    """Return PDF. Raises UnacceptableFile for damaged files and for ones that do more than show.

    What a file does is left to the virus scanner if the file will be scanned.
    """
    file.seek(0)
    content = file.read()
    end = content.rfind(b"%%EOF")
    if end < 0:
        raise UnacceptableFile(
            f"“{name}” is damaged: the end of the PDF is missing. Save it again."
        )
    if len(content.rstrip(_PADDING)) - end > _MAX_AFTER_END:
        raise UnacceptableFile(
            f"“{name}” has something else after the end of the PDF, so it is not safe to store. "
            "Save it again as a PDF."
        )
    if not is_scanned and (reason := _activity(content)):
        raise UnacceptableFile(f"“{name}” {reason}. {_ADVICE}")
    return file_types.PDF


def _activity(content: bytes) -> str:
    """Return what the file does besides showing its pages, or "".

    The file is read twice, by pdfium and as it stands, because programs differ in what they make
    of a damaged file.
    """
    copy, is_encrypted = rewritten(content)
    if is_encrypted:
        return _ENCRYPTED
    readings = [objects_in(content), *([objects_in(copy)] if copy else [])]
    reasons = (
        find(objects) for find in (_action, _opening_address, _attachment) for objects in readings
    )
    return next(filter(None, reasons), "")


def _action(objects: PdfObjects) -> str:
    pattern = rb"/(" + b"|".join(name.encode() for name in _REASONS) + rb")" + _DELIMITER
    found = re.search(pattern, objects.text)
    return _REASONS[found[1].decode()] if found else ""


def _opening_address(objects: PdfObjects) -> str:
    for found in _OPEN_ACTION.finditer(objects.text):
        action = objects.object(found[1]) if found[1] else found[2]
        if _URI_ACTION.search(action):
            return "opens a web page"
    return ""


def _attachment(objects: PdfObjects) -> str:
    for named in _FILE_NAME.finditer(objects.text):
        raw = named[1] if named[1] is not None else _from_hex(named[2])
        if _ATTACHED_NAME.search(raw.replace(b"\0", b"")):
            return _ATTACHED
    attached = set()
    for found in _EMBEDDED.finditer(objects.text):
        references = found[2] if found[2] is not None else objects.object(found[1])
        attached |= {reference[1] for reference in _REFERENCE.finditer(references)}
    for stream in objects.streams:
        is_attached = stream.number in attached or b"/EmbeddedFile" in stream.head
        if is_attached and not stream.is_readable:
            return "has a file attached that cannot be checked"
        if is_attached and stream.unpacked(1024).lstrip().startswith(_ATTACHED_STARTS):
            return _ATTACHED
    return ""


def _from_hex(digits: bytes) -> bytes:
    text = b"".join(digits.split()).decode()
    return bytes.fromhex(text + "0" * (len(text) % 2))
