"""Reads the objects of a PDF file, wherever the file hides them."""

import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ctypes

_MAX_UNPACKED = 100_000_000  # bytes of packed objects
_PIECE = 16 * 1024  # bytes
_PASSWORD_ERRORS = (4, 5)  # of pdfium: a password, or an unknown way to encrypt
_ENCODED = re.compile(rb"#([0-9A-Fa-f]{2})")  # a character in a name: /J#53 is /JS
_STREAM = re.compile(rb">>\s*stream\r?\n")
_LENGTH = re.compile(rb"/Length\s+(\d+)(?!\s+\d+\s+R)")
_NUMBER = re.compile(rb"(\d+)\s+\d+\s+obj\b")
_END = re.compile(rb"\s*endstream")


@dataclass(frozen=True, kw_only=True)
class Stream:
    """The packed content of an object. `head` is the object's dictionary."""

    number: bytes
    head: bytes
    data: bytes

    @property
    def is_readable(self) -> bool:
        """Return whether `unpacked` can read it: it is packed with nothing, or with Flate."""
        filters = re.search(rb"/Filter\s*(\[[^\]]*\]|/\w+)", self.head)
        return filters is None or filters[1].strip(b"[] \r\n/") in (b"", b"FlateDecode", b"Fl")

    def unpacked(self, max_size: int) -> bytes:
        """Return at most `max_size` bytes, and what comes before damage."""
        if b"/Fl" not in self.head:
            return self.data[:max_size]
        unpacker, pieces, left = zlib.decompressobj(), [], max_size
        for start in range(0, len(self.data), _PIECE):
            try:
                pieces.append(unpacker.decompress(self.data[start : start + _PIECE], left))
            except zlib.error:
                break
            left -= len(pieces[-1])
            if left <= 0:
                break
        return b"".join(pieces)


@dataclass(frozen=True, kw_only=True)
class PdfObjects:
    """The objects of a file as text, with the names decoded, and their streams."""

    text: bytes
    streams: list[Stream]

    def object(self, number: bytes) -> bytes:
        found = re.search(rb"(?<!\d)" + number + rb"\s+\d+\s+obj(.*?)endobj", self.text, re.DOTALL)
        return found[1] if found else b""


def objects_in(content: bytes) -> PdfObjects:
    """Return the objects of a file without interpreting it, the packed ones included.

    Raises MemoryError if they are very large.
    """
    pieces: list[bytes] = []
    streams: list[Stream] = []
    start, left = 0, _MAX_UNPACKED
    while (found := _STREAM.search(content, start)) is not None:
        head = content[max(start, found.start() - 5_000) : found.start() + 2]
        numbers = list(_NUMBER.finditer(head))
        number, head = (numbers[-1][1], head[numbers[-1].end() :]) if numbers else (b"", head)
        end = _end_of_stream(content, found.end(), head)
        pieces.append(content[start : found.start() + 2])
        stream = Stream(number=number, head=decoded(head), data=content[found.end() : end])
        streams.append(stream)
        if b"/ObjStm" in stream.head:
            pieces.append(stream.unpacked(left))
            left -= len(pieces[-1])
            if left <= 0:
                raise MemoryError
        start = end
    pieces.append(content[start:])
    return PdfObjects(text=decoded(b"\n".join(pieces)), streams=streams)


def _end_of_stream(content: bytes, begin: int, head: bytes) -> int:
    if length := _LENGTH.search(head):
        end = begin + int(length[1][:10])
        if _END.match(content, end):
            return end
    end = content.find(b"endstream", begin)
    return end if end >= 0 else begin


def decoded(objects: bytes) -> bytes:
    return _ENCODED.sub(lambda found: bytes([int(found[1], 16)]), objects)


def rewritten(content: bytes) -> tuple[bytes, bool]:
    """Return the file as pdfium writes it, and whether it is encrypted.

    In what pdfium writes, every object that the document uses stands in the open, however the file
    packed it. It is empty if pdfium cannot open the file, and for encrypted files.
    """
    import ctypes

    from pypdfium2 import raw

    raw.FPDF_InitLibraryWithConfig(raw.FPDF_LIBRARY_CONFIG(version=2))
    document = raw.FPDF_LoadMemDocument64(content, len(content), None)
    if not document:
        return b"", raw.FPDF_GetLastError() in _PASSWORD_ERRORS
    if raw.FPDF_GetSecurityHandlerRevision(document) >= 0:
        return b"", True
    written = bytearray()

    def write(_: object, data: "ctypes.c_void_p", size: int) -> int:
        written.extend(ctypes.string_at(data, size))
        return 1

    write_type = dict(raw.FPDF_FILEWRITE._fields_)["WriteBlock"]
    target = raw.FPDF_FILEWRITE(version=1, WriteBlock=write_type(write))
    is_written = raw.FPDF_SaveAsCopy(document, target, raw.FPDF_NO_INCREMENTAL)
    return bytes(written) if is_written else b"", False
