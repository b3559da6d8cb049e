"""Which attachments of a message could do harm when they are opened.

A received email is evidence as it came: signatures, calendar entries, contact cards and whatever
else mail programs attach are part of it. Only what is dangerous is found here, by content. The name
counts too where a computer decides by the name to run the content.
"""

import io
import re

from recommendations.evidence.file_names import clean_name, extension_of
from recommendations.evidence.file_types import UnacceptableFile
from recommendations.evidence.image_files import inspect_image, looks_like_image
from recommendations.evidence.programs import (
    ARCHIVE_STARTS,
    OLE_START,
    PROGRAM_ENDINGS,
    PROGRAM_STARTS,
    ZIP_START,
)
from recommendations.evidence.text_files import decode

PDF = b"%PDF-"
HEAD_SIZE = 1024  # bytes, within which the content says what it is
_RUN_BY_NAME = re.compile(PROGRAM_ENDINGS)
_ACTIVE_MARKUP = re.compile(
    r"<\s*(?:script|iframe|frame|object|embed|applet|form|svg|base|\?php)\b"
    r"|<\s*meta[^>]+refresh|javascript\s*:|vbscript\s*:|<[^>]+\son\w+\s*=",
    re.IGNORECASE,
)


def danger(content: bytes, *, name: str, is_scanned: bool) -> str:
    """Return why the attachment is not safe to open, as a sentence, or ""."""
    name = clean_name(name)
    if _RUN_BY_NAME.fullmatch(extension_of(name)) or content.startswith(PROGRAM_STARTS):
        return f"“{name}” is a program or a script."
    if content.startswith(ARCHIVE_STARTS):
        return f"“{name}” is an archive, whose content has not been checked."
    try:
        _inspect(content, name=name, is_scanned=is_scanned)
    except UnacceptableFile as error:
        return str(error)
    text = decode(content)
    if text is not None and _ACTIVE_MARKUP.search(text):
        return f"“{name}” is a web page with a script, a form or something that it loads."
    return ""


def _inspect(content: bytes, *, name: str, is_scanned: bool) -> None:
    """Raise UnacceptableFile for documents that do more than show themselves."""
    file = io.BytesIO(content)
    if content.startswith(ZIP_START):
        from recommendations.evidence.office_files import inspect_office

        inspect_office(file, name=name, size=len(content))
    elif content.startswith(OLE_START):
        from recommendations.evidence.outlook_files import inspect_outlook

        if found := inspect_outlook(file, name=name, is_scanned=is_scanned):
            raise UnacceptableFile(found[0])
    elif PDF in content[:HEAD_SIZE]:
        from recommendations.evidence.pdf_files import inspect_pdf

        inspect_pdf(file, name=name, is_scanned=is_scanned)
    elif looks_like_image(content[:HEAD_SIZE]):
        inspect_image(file, name=name)
