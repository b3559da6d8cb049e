"""Recognises files that are no XLSX, ODS or CSV file, and says what to do about each kind."""

import io
import re
import zipfile
import zlib

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE = "Open it in Excel and save it as an Excel workbook (.xlsx)."
_STARTS = (
    (b"%PDF", "is a PDF document. Upload the spreadsheet itself (.xlsx, .ods or .csv)."),
    (b"{\\rtf", "is a text document (.rtf). Upload a spreadsheet (.xlsx, .ods or .csv)."),
    (b"ID;P", f"is a SYLK file. {_SAVE}"),
    (b"\x1f\x8b", "is a compressed archive. Upload the spreadsheet inside it."),
    (b"Rar!", "is a compressed archive. Upload the spreadsheet inside it."),
    (b"7z\xbc\xaf", "is a compressed archive. Upload the spreadsheet inside it."),
    (b"\x09\x08\x10\x00", f"is an old Excel file (.xls). {_SAVE}"),
    (b"PAR1", "is a Parquet file. Upload a spreadsheet (.xlsx, .ods or .csv)."),
)
_XML_SPREADSHEET = re.compile(rb"urn:schemas-microsoft-com:office:spreadsheet|mso-application")
_FLAT_DOCUMENT = re.compile(rb"urn:oasis:names:tc:opendocument")
_WEB_PAGE = re.compile(rb"\s*<(?:!doctype|html|head|body|table|meta|style|\?xml)", re.IGNORECASE)
_HEAD_SIZE = 4_096  # bytes
_KIND_PARTS = ("mimetype", "[Content_Types].xml")  # which name the kind of an office file
_TEMPLATE = re.compile(rb"opendocument\.spreadsheet-template|spreadsheetml\.template\.main")


def other_kind(content: bytes) -> str:
    """Return what kind of file this is instead and what to do, or "" for a possible spreadsheet.

    The text completes “The file ...”.
    """
    if content.startswith(_OLE):
        return _ole_kind(content)
    if content.startswith(b"PK"):
        return _archive_kind(content)
    for start, reason in _STARTS:
        if content.startswith(start):
            return reason
    head = content[:_HEAD_SIZE].removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[2:]
    if not _WEB_PAGE.match(head):
        return ""
    if _XML_SPREADSHEET.search(head) and b"<?xml" in head[:200]:
        return f"is an XML spreadsheet, whatever its name says. {_SAVE}"
    if _FLAT_DOCUMENT.search(head):
        return "is a flat OpenDocument file. Save it as an OpenDocument spreadsheet (.ods)."
    return f"is a web page, whatever its name says. {_SAVE}"


def _ole_kind(content: bytes) -> str:
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(content)) as storage:
            names = {path[0].lower() for path in storage.listdir()}
    except Exception:  # a crafted file can fail anywhere in the library
        return "is damaged: it cannot be opened. Save it again as .xlsx."
    if "encryptedpackage" in names:
        return "is protected with a password. Save it without one, then upload it again."
    if names & {"workbook", "book"}:
        return f"is in the old Excel format (.xls), which we do not read. {_SAVE}"
    return "is in an old Office format. Upload a spreadsheet (.xlsx, .ods or .csv)."


def _archive_kind(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            kinds = [_start_of(archive, name) for name in _KIND_PARTS if name in names]
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError):
        return "is damaged: it cannot be opened. Save it again as .xlsx or .csv."
    if any(name.endswith(".iwa") for name in names) or "Index.zip" in names:
        return (
            "is an Apple Numbers file. Choose File, Export To, Excel in Numbers, and upload the "
            "file that it makes."
        )
    if "xl/workbook.bin" in names:
        return f"is a binary Excel workbook (.xlsb), which we do not read. {_SAVE}"
    if any(_TEMPLATE.search(kind) for kind in kinds):
        return "is a template. Open it and save it as a spreadsheet (.xlsx or .ods)."
    return ""


def _start_of(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).flag_bits & 1:  # encrypted
        return b""
    with archive.open(name) as part:
        return part.read(16 * _HEAD_SIZE)
