"""Checks Office and OpenDocument files by unpacking them within limits."""

import re
import zipfile
import zlib
from typing import BinaryIO

from recommendations.evidence import file_types
from recommendations.evidence.file_types import FileType, UnacceptableFile

_MAX_PARTS = 5_000
_MAX_UNPACKED_SIZE = 300 * 1024 * 1024  # bytes
_MAX_RATIO = 200  # of unpacked to packed size
_CHUNK_SIZE = 256 * 1024  # bytes

_MAIN_PARTS = {
    b"wordprocessingml.document.main+xml": file_types.WORD,
    b"spreadsheetml.sheet.main+xml": file_types.EXCEL,
    b"presentationml.presentation.main+xml": file_types.POWERPOINT,
}
_OPEN_DOCUMENTS = {
    document.content_type.encode(): document
    for document in (file_types.ODT, file_types.ODS, file_types.ODP)
}
_PROGRAMS = (b"MZ", b"\x7fELF", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")
_EMBEDDED = re.compile(r"embeddings/[^/]+\.(docx|xlsx|pptx)$", re.IGNORECASE)
_MACROS = re.compile(
    r"(^|/)(vbaProject\.bin|vbaData\.xml|macrosheets/|Basic/|Scripts/)", re.IGNORECASE
)
_LOADED_TYPES = ("attachedTemplate", "oleObject", "subDocument", "frame")
_MAX_LINKS_SIZE = 1024 * 1024  # bytes of one part with links
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([^"']*)["']""")
_ENCODINGS = {b"utf-8", b"us-ascii", b"ascii"}


def inspect_office(
    file: BinaryIO, *, name: str, size: int, max_unpacked_size: int = _MAX_UNPACKED_SIZE
) -> FileType:
    """Return the type of an office file. Raises UnacceptableFile for other and unsafe archives."""
    max_size = min(_MAX_UNPACKED_SIZE, max_unpacked_size, max(size * _MAX_RATIO, _CHUNK_SIZE * 4))
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _refuse_bad_parts(entries, name=name)
            file_type = _file_type(archive, name=name)
            _unpack(archive, entries, name=name, max_size=max_size)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError):
        raise UnacceptableFile(f"“{name}” is damaged: it cannot be opened.") from None
    return file_type


def _refuse_bad_parts(entries: list[zipfile.ZipInfo], *, name: str) -> None:
    if len(entries) > _MAX_PARTS:
        raise UnacceptableFile(f"“{name}” contains too many parts to be an office file.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnacceptableFile(f"“{name}” is protected with a password. Save it without one.")
    names = [entry.filename for entry in entries]
    if any(part.startswith("/") or ".." in part.split("/") or "\\" in part for part in names):
        raise UnacceptableFile(f"“{name}” contains parts that point outside it.")
    if len(set(names)) != len(names):
        raise UnacceptableFile(f"“{name}” is damaged: it contains the same part twice.")
    if any(_MACROS.search(part) for part in names):
        raise UnacceptableFile(_macros_message(name))


def _file_type(archive: zipfile.ZipFile, *, name: str) -> FileType:
    names = set(archive.namelist())
    if "[Content_Types].xml" in names:
        types = _read(archive, "[Content_Types].xml")
        if b"macroEnabled" in types or b"vbaProject" in types:
            raise UnacceptableFile(_macros_message(name))
        for part, file_type in _MAIN_PARTS.items():
            if part in types:
                return file_type
    elif "mimetype" in names:
        open_document = _OPEN_DOCUMENTS.get(_read(archive, "mimetype").strip())
        if open_document:
            return open_document
    raise UnacceptableFile(f"“{name}” is an archive. Upload the files inside it one by one.")


def _read(archive: zipfile.ZipFile, part: str) -> bytes:
    with archive.open(part) as opened:
        return opened.read(_MAX_LINKS_SIZE)


def _unpack(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], *, name: str, max_size: int
) -> None:
    """Check the content of every part, whatever its header claims."""
    unpacked_size = 0
    for entry in entries:
        with archive.open(entry) as opened:
            previous = b""
            while chunk := opened.read(_CHUNK_SIZE):
                unpacked_size += len(chunk)
                if unpacked_size > max_size:
                    raise UnacceptableFile(
                        f"“{name}” is much larger when unpacked, so it is not safe to open."
                    )
                if not previous:
                    _refuse_program(entry.filename, chunk, name=name)
                    _refuse_encoding(entry.filename, chunk[:400], name=name)
                _refuse_markup(entry.filename, previous[-200:] + chunk, name=name)
                previous = chunk
        if entry.filename.lower().endswith(".rels"):
            _refuse_external_content(archive, entry, name=name)


def _refuse_program(part: str, head: bytes, *, name: str) -> None:
    if head.startswith(_PROGRAMS):
        raise UnacceptableFile(
            f"“{name}” contains a program, an archive or an embedded object. Remove it, or save "
            "the document as a PDF."
        )
    if head.startswith(b"PK\x03\x04") and not _EMBEDDED.search(part):
        raise UnacceptableFile(
            f"“{name}” contains an archive. Remove it and upload the file again."
        )


def _refuse_markup(part: str, chunk: bytes, *, name: str) -> None:
    if _is_xml(part) and (b"<!ENTITY" in chunk or b"<!DOCTYPE" in chunk):
        raise UnacceptableFile(f"“{name}” contains definitions that no office program writes.")


def _refuse_encoding(part: str, head: bytes, *, name: str) -> None:
    """Refuse encodings such as UTF-16, in which the other checks, made on bytes, find nothing."""
    if not _is_xml(part):
        return
    encoding = _ENCODING.search(head)
    is_other = encoding is not None and encoding[1].lower() not in _ENCODINGS
    if is_other or b"\x00" in head:
        raise UnacceptableFile(f"“{name}” has a text encoding that no office program uses.")


def _refuse_external_content(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, name: str
) -> None:
    """Refuse links that load something from another place when the document is opened."""
    from defusedxml import DefusedXmlException, ElementTree

    content = _read(archive, entry.filename)
    if len(content) >= _MAX_LINKS_SIZE:
        raise UnacceptableFile(f"“{name}” contains too many links to be checked.")
    try:
        links = list(ElementTree.fromstring(content, forbid_dtd=True).iter())
    except (ElementTree.ParseError, DefusedXmlException, LookupError):
        raise UnacceptableFile(f"“{name}” is damaged: its links cannot be read.") from None
    for link in links:
        is_external = link.get("TargetMode", "").lower() == "external"
        if is_external and link.get("Type", "").endswith(_LOADED_TYPES):
            raise UnacceptableFile(
                f"“{name}” loads a template or an object from another place when it is opened."
            )


def _is_xml(part: str) -> bool:
    return part.lower().endswith((".xml", ".rels"))


def _macros_message(name: str) -> str:
    return f"“{name}” contains macros. Save it without them (.docx, .xlsx or .pptx)."
