"""Checks Office and OpenDocument files by unpacking them within limits."""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import BinaryIO

from recommendations.evidence import file_types, outside_links
from recommendations.evidence.file_types import FileType
from recommendations.evidence.office_markup import OfficeChecker, RelationshipChecker
from recommendations.evidence.open_document_markup import OpenDocumentChecker
from recommendations.evidence.outside_links import refusal
from recommendations.evidence.xml_reader import Checker, InvalidXml, XmlReader

_MAX_PARTS = 5_000
_MAX_UNPACKED_SIZE = 300 * 1024 * 1024  # bytes
_MAX_RATIO = 200  # of unpacked to packed size
_MAX_DEPTH = 3  # a workbook in a document in a presentation
_CHUNK_SIZE = 256 * 1024  # bytes
_HEAD_SIZE = 400  # bytes

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
    r"(^|/)(vbaProject\.bin|vbaData\.xml|macrosheets/|Basic/|Scripts/|Dialogs/)", re.IGNORECASE
)
_WEB_PAGES = re.compile(r"\.(?:x?html?|mht|mhtml|hta|js|vbs|rtf)$", re.IGNORECASE)
_TYPES = "[Content_Types].xml"
_MAX_HEADER_SIZE = 1024 * 1024  # bytes of the part that names the type of the document
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([^"']*)["']""")
_ENCODINGS = {b"utf-8", b"us-ascii", b"ascii"}
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")


@dataclass(kw_only=True)
class _Package:
    """The archive that is being checked, and how much of it may be unpacked."""

    archive: zipfile.ZipFile
    name: str
    depth: int
    bytes_left: int
    is_open_document: bool = False
    external_ids: dict[str, frozenset[str]] = field(default_factory=dict)  # by part


def inspect_office(
    file: BinaryIO, *, name: str, size: int, max_unpacked_size: int = _MAX_UNPACKED_SIZE
) -> FileType:
    """Return the type of an office file. Raises UnacceptableFile for other and unsafe archives."""
    max_size = min(_MAX_UNPACKED_SIZE, max_unpacked_size, max(size * _MAX_RATIO, _CHUNK_SIZE * 4))
    return _inspect(file, name=name, max_size=max_size, depth=1)[0]


def _inspect(file: BinaryIO, *, name: str, max_size: int, depth: int) -> tuple[FileType, int]:
    """Return the type, and how many bytes of `max_size` are left."""
    if depth > _MAX_DEPTH:
        raise refusal(name, "contains documents in documents, nested too deeply to be checked.")
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _refuse_bad_parts(entries, name=name)
            file_type = _file_type(archive, name=name)
            package = _Package(archive=archive, name=name, depth=depth, bytes_left=max_size)
            package.is_open_document = file_type.content_type.encode() in _OPEN_DOCUMENTS
            for entry in sorted(entries, key=_order):
                _check_part(package, entry)
    except InvalidXml as error:
        raise refusal(name, str(error)) from None
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError):
        raise refusal(name, "is damaged: it cannot be opened.") from None
    return file_type, package.bytes_left


def _order(entry: zipfile.ZipInfo) -> int:
    """Sort relationships first, because the parts that they belong to are checked against them.

    The types are last: their part is small, so damage to it hides nothing.
    """
    return 0 if _is_relationships(entry.filename) else 1 + (entry.filename == _TYPES)


def _refuse_bad_parts(entries: list[zipfile.ZipInfo], *, name: str) -> None:
    if len(entries) > _MAX_PARTS:
        raise refusal(name, f"has more than {_MAX_PARTS:,} parts, too many for an office file.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise refusal(name, outside_links.PASSWORD)
    names = [entry.filename.removeprefix("/") for entry in entries]  # XlsxWriter writes some with /
    if any("\\" in part for part in names):
        raise refusal(name, "was saved by a program that names its parts wrongly. Save it again.")
    if any(part.startswith("/") or ".." in part.split("/") for part in names):
        raise refusal(name, "contains parts that point outside it.")
    if len({part.lower() for part in names}) != len(names):
        raise refusal(name, "is damaged: it contains the same part twice.")
    if any(_MACROS.search(part) for part in names):
        raise refusal(name, outside_links.MACROS)
    if any(_WEB_PAGES.search(part) for part in names):
        raise refusal(
            name,
            "contains a web page or a script, which can load from another place. Open it, save it "
            "again as a new document, and upload that.",
        )


def _file_type(archive: zipfile.ZipFile, *, name: str) -> FileType:
    names = set(archive.namelist())
    if _TYPES in names:
        types = _read(archive, _TYPES)
        if b"macroEnabled" in types or b"vbaProject" in types:
            raise refusal(name, outside_links.MACROS)
        for part, file_type in _MAIN_PARTS.items():
            if part in types:
                return file_type
    elif "mimetype" in names:
        open_document = _OPEN_DOCUMENTS.get(_read(archive, "mimetype").strip())
        if open_document:
            return open_document
    raise refusal(name, "is an archive. Upload the files inside it one by one.")


def _read(archive: zipfile.ZipFile, part: str) -> bytes:
    with archive.open(part) as opened:
        return opened.read(_MAX_HEADER_SIZE)


def _check_part(package: _Package, entry: zipfile.ZipInfo) -> None:
    """Check the content of a part, whatever its name and its header claim."""
    part, head, reader = entry.filename, b"", None
    checker, is_embedded = _checker(package, part), False
    is_svg, is_vml = part.lower().endswith(".svg"), part.lower().endswith(".vml")
    readable = "its links" if _is_relationships(part) else "it"
    with package.archive.open(entry) as opened:
        while chunk := opened.read(_CHUNK_SIZE):
            package.bytes_left -= len(chunk)
            if package.bytes_left < 0:
                raise refusal(
                    package.name, "is much larger when unpacked, so it is not safe to open."
                )
            if not head:
                head = chunk[:_HEAD_SIZE]
                is_embedded = _refuse_program(part, head, name=package.name)
                if _is_xml(part, head):
                    _refuse_encoding(head, name=package.name)
                    reader = XmlReader(checker, content=readable, allows_doctype=is_svg)
            if reader is not None:
                # Excel does not close these elements.
                reader.feed(chunk.replace(b"<br>", b"<br/>") if is_vml else chunk)
    if reader is not None:
        reader.feed(b"", is_last=True)
    if isinstance(checker, RelationshipChecker):
        package.external_ids[_owner(part)] = frozenset(checker.external_ids)
    if is_embedded:
        _check_embedded(package, entry)


def _checker(package: _Package, part: str) -> Checker:
    if package.is_open_document:
        return OpenDocumentChecker(name=package.name, part=part)
    if _is_relationships(part):
        return RelationshipChecker(name=package.name)
    ids = package.external_ids.get(part.lower().removeprefix("/"), frozenset())
    return OfficeChecker(name=package.name, external_ids=ids)


def _check_embedded(package: _Package, entry: zipfile.ZipInfo) -> None:
    """Check a document inside the document like a document of its own."""
    content = io.BytesIO(package.archive.read(entry))
    _, package.bytes_left = _inspect(
        content, name=package.name, max_size=package.bytes_left, depth=package.depth + 1
    )


def _refuse_program(part: str, head: bytes, *, name: str) -> bool:
    """Return whether the part is a document that may be embedded."""
    if head.startswith(_PROGRAMS):
        raise refusal(
            name,
            "contains a program, an archive or an embedded object. Remove it, or save the "
            "document as a PDF.",
        )
    is_archive = head.startswith(b"PK\x03\x04")
    if is_archive and not _EMBEDDED.search(part):
        raise refusal(name, "contains an archive. Remove it and upload the file again.")
    return is_archive


def _refuse_encoding(head: bytes, *, name: str) -> None:
    """Refuse encodings that no office program writes, and that programs may read differently."""
    encoding = _ENCODING.search(head)
    is_other = encoding is not None and encoding[1].lower() not in _ENCODINGS
    if is_other or b"\x00" in head or head.startswith(_BYTE_ORDER_MARKS):
        raise refusal(name, "has a text encoding that no office program uses.")


def _is_xml(part: str, head: bytes) -> bool:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return part.lower().endswith((".xml", ".rels", ".vml", ".svg")) or start.startswith(
        (b"<", *_BYTE_ORDER_MARKS)
    )


def _is_relationships(part: str) -> bool:
    return part.lower().endswith(".rels")


def _owner(relationships: str) -> str:
    """Return the part that relationships belong to: `word/_rels/a.xml.rels` to `word/a.xml`."""
    part = relationships.lower().removeprefix("/")
    return re.sub(r"(^|/)_rels/([^/]*)\.rels$", r"\1\2", part)
