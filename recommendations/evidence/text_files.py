"""Plain text: letters and nothing that a browser or a machine would run."""

import re
from typing import BinaryIO

from recommendations.evidence.file_names import ending_of
from recommendations.evidence.file_types import CSV, IN_WORDS, TEXT, Kind, Unacceptable

_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MARKUP = re.compile(
    r"<\s*(?:!doctype\s+html|html|svg|script|iframe|body|\?xml|\?php)\b", re.IGNORECASE
)


def inspect_text(file: BinaryIO, *, name: str) -> Kind:
    """Raises Unacceptable where it is no text, or is a web page, an SVG or a script."""
    file.seek(0)
    text = decode(file.read())
    if text is None or _CONTROL.search(text):
        raise Unacceptable(
            f"“{name}” is not a file of a kind that can be kept here. Use {IN_WORDS}."
        )
    if _MARKUP.search(text):
        raise Unacceptable(
            f"“{name}” is a web page, an SVG picture or XML, which can hold scripts. Save it as a "
            "PDF or a PNG instead."
        )
    return CSV if ending_of(name) == "csv" else TEXT


def unknown(name: str) -> str:
    return f"“{name}” is not a file of a kind that can be kept here. Use {IN_WORDS}."


def decode(raw: bytes) -> str | None:
    """As Excel, Notepad and Unix write it; None where it is no text."""
    codecs = ["utf-16"] if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for codec in codecs:
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return None
