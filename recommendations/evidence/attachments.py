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
from recommendations.evidence.text_files import decode

ARCHIVE, OLE, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-"
HEAD_SIZE = 1024  # bytes, within which the content says what it is
_PROGRAMS = (
    *(b"MZ", b"\x7fELF", b"#!", b"L\0\0\0\x01\x14\x02", b"\xca\xfe\xba\xbe"),
    *(b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe"),
)
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"MSCF", b"ITSF")
_RUN_BY_NAME = re.compile(
    r"exe|dll|com|scr|pif|cpl|msi|msp|bat|cmd|ps1|psm1|vbs|vbe|jse?|ws[fh]|hta|jar|lnk|url|reg|inf"
    r"|iso|img|vhdx?|chm|sh|py|app|dmg|apk|one|scf|settingcontent-ms|library-ms|desktop"
)
_ACTIVE_MARKUP = re.compile(
    r"<\s*(?:script|iframe|frame|object|embed|applet|form|svg|base|\?php)\b"
    r"|<\s*meta[^>]+refresh|javascript\s*:|vbscript\s*:|<[^>]+\son\w+\s*=",
    re.IGNORECASE,
)


def danger(content: bytes, *, name: str, is_scanned: bool) -> str:
    """Return why the attachment is not safe to open, as a sentence, or ""."""
    name = clean_name(name)
    if _RUN_BY_NAME.fullmatch(extension_of(name)) or content.startswith(_PROGRAMS):
        return f"“{name}” is a program or a script."
    if content.startswith(_ARCHIVES):
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
    if content.startswith(ARCHIVE):
        from recommendations.evidence.office_files import inspect_office

        inspect_office(file, name=name, size=len(content))
    elif content.startswith(OLE):
        from recommendations.evidence.outlook_files import inspect_outlook

        if found := inspect_outlook(file, name=name, is_scanned=is_scanned):
            raise UnacceptableFile(found[0])
    elif PDF in content[:HEAD_SIZE]:
        from recommendations.evidence.pdf_files import inspect_pdf

        inspect_pdf(file, name=name, is_scanned=is_scanned)
    elif looks_like_image(content[:HEAD_SIZE]):
        inspect_image(file, name=name)
