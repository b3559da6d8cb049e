"""Checks text and CSV files: they must not contain anything that a browser would run."""

import re
from typing import BinaryIO

from recommendations.evidence import file_types
from recommendations.evidence.file_names import extension_of
from recommendations.evidence.file_types import FileType, UnacceptableFile
from recommendations.evidence.formulas import has_unsafe_cell

_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MARKUP = re.compile(
    r"<\s*(?:!doctype\s+html|html|svg|script|iframe|body|\?xml|\?php)\b", re.IGNORECASE
)


def inspect_text(file: BinaryIO, *, name: str) -> FileType:
    """Return CSV or TEXT. Raises UnacceptableFile for other content, web pages, SVG and scripts."""
    file.seek(0)
    text = decode(file.read())
    if text is None or _CONTROL.search(text):
        raise UnacceptableFile(wrong_type(name))
    if _MARKUP.search(text):
        raise UnacceptableFile(
            f"“{name}” is a web page, an SVG image or XML, which can contain scripts. Save it as a "
            "PDF or PNG instead."
        )
    if extension_of(name) != "csv":
        return file_types.TEXT
    if has_unsafe_cell(text):
        raise UnacceptableFile(
            f"“{name}” has a formula that starts a program or loads from another place. Replace it "
            "with its value."
        )
    return file_types.CSV


def wrong_type(name: str) -> str:
    return f"“{name}” must be {file_types.ACCEPTED_TYPES}."


def decode(raw: bytes) -> str | None:
    """Return the text in one of the encodings that Excel, Notepad and Unix use, or None."""
    codecs = ["utf-16"] if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for codec in codecs:
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return None
