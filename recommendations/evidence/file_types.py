"""The file types that are accepted as evidence."""

from dataclasses import dataclass

MAX_SIZE = 20 * 1024 * 1024  # bytes
MAX_FILES = 10  # of one update

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."


class UnacceptableFile(Exception):
    """The file is not accepted. The message is a sentence for the user, with the file's name."""


@dataclass(frozen=True)
class FileType:
    """A type of file: its content type, its usual name, and its extensions without the dot."""

    content_type: str
    label: str
    extensions: tuple[str, ...]

    @property
    def one(self) -> str:
        """`a PDF document`, `an email message`."""
        return f"{'an' if self.label[0] in 'EOeo' else 'a'} {self.label}"


PDF = FileType("application/pdf", "PDF document", ("pdf",))
WORD = FileType(f"{_OFFICE}wordprocessingml.document", "Word document", ("docx",))
EXCEL = FileType(f"{_OFFICE}spreadsheetml.sheet", "Excel workbook", ("xlsx",))
POWERPOINT = FileType(f"{_OFFICE}presentationml.presentation", "PowerPoint presentation", ("pptx",))
ODT = FileType(f"{_OPEN_DOCUMENT}text", "OpenDocument text", ("odt",))
ODS = FileType(f"{_OPEN_DOCUMENT}spreadsheet", "OpenDocument spreadsheet", ("ods",))
ODP = FileType(f"{_OPEN_DOCUMENT}presentation", "OpenDocument presentation", ("odp",))
PNG = FileType("image/png", "PNG image", ("png",))
JPEG = FileType("image/jpeg", "JPEG image", ("jpg", "jpeg"))
GIF = FileType("image/gif", "GIF image", ("gif",))
WEBP = FileType("image/webp", "WebP image", ("webp",))
TEXT = FileType("text/plain", "text file", ("txt",))
CSV = FileType("text/csv", "CSV file", ("csv",))
EMAIL = FileType("message/rfc822", "email message", ("eml",))
OUTLOOK = FileType("application/vnd.ms-outlook", "Outlook message", ("msg",))

FILE_TYPES = (
    *(PDF, WORD, EXCEL, POWERPOINT, ODT, ODS, ODP),
    *(PNG, JPEG, GIF, WEBP, TEXT, CSV, EMAIL, OUTLOOK),
)
BY_CONTENT_TYPE = {file_type.content_type: file_type for file_type in FILE_TYPES}
ACCEPTED_EXTENSIONS = tuple(
    f".{extension}" for file_type in FILE_TYPES for extension in file_type.extensions
)
ACCEPTED_TYPES = (
    "a PDF, a Word, Excel, PowerPoint or OpenDocument file, a PNG, JPEG, GIF or WebP image, "
    "a CSV or text file, or an email message (.eml or .msg)"
)


def file_size(size: int) -> str:
    """Return `812 bytes`, `34 kB` or `2.4 MB`, in thousands."""
    if size < 1000:
        return f"{size} bytes"
    if size < 1_000_000:
        return f"{size / 1000:.0f} kB"
    return f"{size / 1_000_000:.1f} MB"
