"""The allow-list of evidence: what a file may be, by its bytes."""

from dataclasses import dataclass

MAX_SIZE = 20 * 1024 * 1024  # bytes of one file
MAX_FILES = 10  # of one update

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."


class Unacceptable(Exception):
    """A file that is not taken in. Its text is a sentence for the person, with the file's name."""


@dataclass(frozen=True)
class Kind:
    """A sort of file: its content type, what people call it, and the endings it may have."""

    content_type: str
    label: str
    endings: tuple[str, ...]


PDF = Kind("application/pdf", "PDF document", ("pdf",))
WORD = Kind(f"{_OFFICE}wordprocessingml.document", "Word document", ("docx",))
EXCEL = Kind(f"{_OFFICE}spreadsheetml.sheet", "Excel workbook", ("xlsx",))
POWERPOINT = Kind(f"{_OFFICE}presentationml.presentation", "PowerPoint presentation", ("pptx",))
ODT = Kind(f"{_OPEN_DOCUMENT}text", "OpenDocument text", ("odt",))
ODS = Kind(f"{_OPEN_DOCUMENT}spreadsheet", "OpenDocument spreadsheet", ("ods",))
ODP = Kind(f"{_OPEN_DOCUMENT}presentation", "OpenDocument presentation", ("odp",))
PNG = Kind("image/png", "PNG image", ("png",))
JPEG = Kind("image/jpeg", "JPEG image", ("jpg", "jpeg"))
GIF = Kind("image/gif", "GIF image", ("gif",))
WEBP = Kind("image/webp", "WebP image", ("webp",))
TEXT = Kind("text/plain", "text file", ("txt",))
CSV = Kind("text/csv", "CSV file", ("csv",))
EMAIL = Kind("message/rfc822", "e-mail message", ("eml",))
OUTLOOK = Kind("application/vnd.ms-outlook", "Outlook message", ("msg",))

KINDS = (
    *(PDF, WORD, EXCEL, POWERPOINT, ODT, ODS, ODP),
    *(PNG, JPEG, GIF, WEBP, TEXT, CSV, EMAIL, OUTLOOK),
)
BY_TYPE = {kind.content_type: kind for kind in KINDS}
ENDINGS = tuple(f".{ending}" for kind in KINDS for ending in kind.endings)
IN_WORDS = (
    "a PDF, a Word, Excel, PowerPoint or OpenDocument file, a PNG, JPEG, GIF or WebP image, "
    "a CSV or text file, or an e-mail message (.eml or .msg)"
)


def size_in_words(size: int) -> str:
    """`812 bytes`, `34 kB`, `2.4 MB`: thousands, as people's own computers show them."""
    if size < 1000:
        return f"{size} bytes"
    if size < 1_000_000:
        return f"{size / 1000:.0f} kB"
    return f"{size / 1_000_000:.1f} MB"
