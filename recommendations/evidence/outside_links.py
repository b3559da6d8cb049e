"""Recognises addresses outside a document, and says what to do about what is loaded from them."""

import re
from urllib.parse import unquote

from recommendations.evidence.file_types import UnacceptableFile

PICTURE = (
    "links a picture from another place. Paste the picture itself into the document and upload it "
    "again."
)
TEMPLATE = (
    "loads a template from another place when it is opened. Remove the link to the template, or "
    "save the document as a PDF."
)
WORKBOOK = (
    "takes values from another place, such as another workbook. Break the links, so that only the "
    "values remain, and upload it again."
)
CONTENT = (
    "loads something from another place when it is opened. Remove the link, or save the document "
    "as a PDF."
)
PROGRAM = (
    "can start a program or a script. Remove the link, the button or the field that does so, or "
    "save the document as a PDF."
)
FORMULA = (
    "has a formula that starts a program or loads from another place ({}). Replace it with its "
    "value."
)
FIELD = (
    "has a field that starts a program or loads from another place ({}). Replace the field with "
    "its text or its picture."
)
MACROS = "contains macros. Save it without them, for example as .docx, .xlsx, .pptx or PDF."
CONTROL = "contains a control or an add-in, which can run programs. Remove it and upload it again."
PASSWORD = "is protected with a password. Save it without one."  # noqa: S105

# A scheme (a drive letter looks like one), or two slashes of either kind: a network path.
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:|[\\/]{2}")
_DATA = re.compile(r"data:image/", re.IGNORECASE)
_SCRIPT = re.compile(
    r"(?:javascript|vbscript|jscript|macro|script|service|slot|\.uno|vnd\.sun\.star\.[\w.\-]+"
    r"|vnd\.libreoffice\.[\w.\-]+|ms-msdt|ms-officecmd|ms-appinstaller|search-ms|ms-its|mk|mhtml"
    r"|its|shell):",
    re.IGNORECASE,
)


def refusal(name: str, reason: str) -> UnacceptableFile:
    return UnacceptableFile(f"“{name}” {reason}")


def is_external(target: str) -> bool:
    """Return whether an address leads out of the package that contains it."""
    target = _plain(target)
    return bool(_ADDRESS.match(target)) and not _DATA.match(target)


def leaves_folder(target: str, *, part: str) -> bool:
    """Return whether an OpenDocument address leads out of the package, seen from one of its parts.

    Embedded objects are in folders, so `../Pictures/map.png` can be inside the package.
    """
    target = _plain(target)
    if _DATA.match(target):
        return False
    if is_external(target) or target.startswith(("/", "\\")):
        return True
    level = part.count("/")
    for step in re.split(r"[/\\]", target.partition("#")[0]):
        level += {"..": -1, ".": 0, "": 0}.get(step, 1)
        if level < 0:
            return True
    return False


def is_script(target: str) -> bool:
    """Return whether following the address would run something instead of showing a page."""
    return bool(_SCRIPT.match(_plain(target)))


def _plain(target: str) -> str:
    return re.sub(r"[\x00-\x20\u00a0\u200b-\u200f\ufeff]", "", unquote(target))
