"""Office files: archives, unpacked within bounds to see what they hold."""

import re
import zipfile
import zlib
from typing import BinaryIO

from defusedxml import DefusedXmlException, ElementTree

from recommendations.evidence.file_types import (
    EXCEL,
    ODP,
    ODS,
    ODT,
    POWERPOINT,
    WORD,
    Kind,
    Unacceptable,
)

MOST_ENTRIES = 5_000
MOST_UNPACKED = 300 * 1024 * 1024  # bytes
MOST_RATIO = 200  # unpacked to packed, of the whole
PIECE = 256 * 1024

_MAIN_PARTS = {
    b"wordprocessingml.document.main+xml": WORD,
    b"spreadsheetml.sheet.main+xml": EXCEL,
    b"presentationml.presentation.main+xml": POWERPOINT,
}
_OPEN_DOCUMENTS = {kind.content_type.encode(): kind for kind in (ODT, ODS, ODP)}
_PROGRAMS = (b"MZ", b"\x7fELF", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")
_EMBEDDED = re.compile(r"embeddings/[^/]+\.(docx|xlsx|pptx)$", re.IGNORECASE)
_MACROS = re.compile(
    r"(^|/)(vbaProject\.bin|vbaData\.xml|macrosheets/|Basic/|Scripts/)", re.IGNORECASE
)
_LOADED = ("attachedTemplate", "oleObject", "subDocument", "frame")
_LARGEST_LINKS = 1024 * 1024  # bytes of one part that names links
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([^"']*)["']""")
_ENCODINGS = {b"utf-8", b"us-ascii", b"ascii"}


def inspect_office(file: BinaryIO, *, name: str, size: int) -> Kind:
    """Which office file an archive is. Raises Unacceptable where it is none, or not safe."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _refuse_odd(entries, name=name)
            kind = _kind(archive, name=name)
            _unpack(archive, entries, name=name, size=size)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
    ):
        raise Unacceptable(f"“{name}” is damaged: it cannot be unpacked.") from None
    return kind


def _refuse_odd(entries: list[zipfile.ZipInfo], *, name: str) -> None:
    if len(entries) > MOST_ENTRIES:
        raise Unacceptable(f"“{name}” holds too many parts to be an office file.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unacceptable(f"“{name}” is protected with a password. Save it without one.")
    names = [entry.filename for entry in entries]
    if any(part.startswith("/") or ".." in part.split("/") or "\\" in part for part in names):
        raise Unacceptable(f"“{name}” holds parts that point outside it.")
    if len(set(names)) != len(names):
        raise Unacceptable(f"“{name}” is damaged: it holds one part twice.")
    if any(_MACROS.search(part) for part in names):
        raise Unacceptable(_with_macros(name))


def _kind(archive: zipfile.ZipFile, *, name: str) -> Kind:
    names = set(archive.namelist())
    if "[Content_Types].xml" in names:
        types = _read(archive, "[Content_Types].xml")
        if b"macroEnabled" in types or b"vbaProject" in types:
            raise Unacceptable(_with_macros(name))
        for part, kind in _MAIN_PARTS.items():
            if part in types:
                return kind
    elif "mimetype" in names:
        kind_of = _OPEN_DOCUMENTS.get(_read(archive, "mimetype").strip())
        if kind_of:
            return kind_of
    raise Unacceptable(f"“{name}” is an archive. Choose the files inside it instead, one by one.")


def _read(archive: zipfile.ZipFile, part: str) -> bytes:
    with archive.open(part) as opened:
        return opened.read(_LARGEST_LINKS)


def _unpack(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], *, name: str, size: int
) -> None:
    """Unpack every part, whatever its header claims, and look at it; keep nothing."""
    most = min(MOST_UNPACKED, max(size * MOST_RATIO, PIECE * 4))
    unpacked = 0
    for entry in entries:
        with archive.open(entry) as opened:
            last = b""
            is_first = True
            while piece := opened.read(PIECE):
                unpacked += len(piece)
                if unpacked > most:
                    raise Unacceptable(
                        f"“{name}” unpacks to far more than it seems to hold, so it is not safe."
                    )
                if is_first:
                    _refuse_program(entry.filename, piece, name=name)
                    _refuse_encoding(entry.filename, piece[:400], name=name)
                _refuse_markup(entry.filename, last[-200:] + piece, name=name)
                last, is_first = piece, False
        if entry.filename.lower().endswith(".rels"):
            _refuse_loading(archive, entry, name=name)


def _refuse_program(part: str, head: bytes, *, name: str) -> None:
    if head.startswith(_PROGRAMS):
        raise Unacceptable(
            f"“{name}” has a program, an archive or an embedded object inside. Remove it, or save "
            "the document as a PDF."
        )
    if head.startswith(b"PK\x03\x04") and not _EMBEDDED.search(part):
        raise Unacceptable(f"“{name}” has an archive inside. Remove it and choose the file again.")


def _refuse_markup(part: str, piece: bytes, *, name: str) -> None:
    if _is_xml(part) and (b"<!ENTITY" in piece or b"<!DOCTYPE" in piece):
        raise Unacceptable(f"“{name}” holds definitions that no office program writes.")


def _refuse_encoding(part: str, head: bytes, *, name: str) -> None:
    """What is looked for is looked for as ASCII: in UTF-16 it would not be found."""
    if not _is_xml(part):
        return
    named = _ENCODING.search(head)
    is_other = named is not None and named[1].lower() not in _ENCODINGS
    if is_other or b"\x00" in head:
        raise Unacceptable(f"“{name}” is written in an encoding that no office program uses.")


def _refuse_loading(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, name: str) -> None:
    """Links by which opening a document loads something from elsewhere."""
    content = _read(archive, entry.filename)
    if len(content) >= _LARGEST_LINKS:
        raise Unacceptable(f"“{name}” holds too many links to be looked through.")
    try:
        links = list(ElementTree.fromstring(content, forbid_dtd=True).iter())
    except (ElementTree.ParseError, DefusedXmlException, LookupError):
        raise Unacceptable(f"“{name}” is damaged: its links cannot be read.") from None
    for link in links:
        is_external = link.get("TargetMode", "").lower() == "external"
        if is_external and link.get("Type", "").endswith(_LOADED):
            raise Unacceptable(
                f"“{name}” loads a template or an object from another place when it is opened."
            )


def _is_xml(part: str) -> bool:
    return part.lower().endswith((".xml", ".rels"))


def _with_macros(name: str) -> str:
    return f"“{name}” holds macros. Save it without them (.docx, .xlsx or .pptx)."
