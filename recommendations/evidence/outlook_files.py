"""Outlook messages (.msg): their attachments, and copies in which dangerous ones are replaced."""

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from recommendations.evidence.attachments import danger
from recommendations.evidence.file_types import UnacceptableFile
from recommendations.evidence.text_files import wrong_type

if TYPE_CHECKING:
    import olefile

MAX_ATTACHMENTS = 200
_NAMED_TEXT = re.compile(r"__substg1\.0_[89A-F][0-9A-F]{3}001([EF])$")  # such as a sound's path
_DATA, _LONG_NAME, _SHORT_NAME = ("__substg1.0_37010102", "__substg1.0_3707", "__substg1.0_3704")
_LEGACY_PROGRAMS = {
    "WordDocument": "Word",
    "Workbook": "Excel",
    "Book": "Excel",
    "PowerPoint Document": "PowerPoint",
}
_NOT_READABLE = (OSError, ValueError, TypeError, IndexError, KeyError, AttributeError)


def inspect_outlook(file: BinaryIO, *, name: str, is_scanned: bool) -> list[str]:
    """Return a sentence for each dangerous attachment of a .msg file, also of messages inside it.

    Raises UnacceptableFile for other files of this kind, and for what loads something by itself.
    """
    import olefile

    file.seek(0)
    try:
        with olefile.OleFileIO(file) as storage:
            return [why for _, why in _dangers(storage, name=name, is_scanned=is_scanned)]
    except _NOT_READABLE:
        raise UnacceptableFile(f"“{name}” is damaged: it cannot be read.") from None


def safe_outlook_copy(content: bytes, *, name: str, is_scanned: bool) -> bytes:
    """Return the message, with the bytes of dangerous attachments replaced by the reason."""
    import olefile

    file = io.BytesIO(content)
    with olefile.OleFileIO(file, write_mode=True) as storage:
        for path, why in list(_dangers(storage, name=name, is_scanned=is_scanned)):
            size = storage.get_size(path)
            storage.write_stream(path, why.encode()[:size].ljust(size))
        return file.getvalue()


def _dangers(
    storage: "olefile.OleFileIO", *, name: str, is_scanned: bool
) -> Iterator[tuple[str, str]]:
    """Yield the path and the reason of each dangerous attachment."""
    paths = ["/".join(path) for path in storage.listdir()]
    if "__properties_version1.0" not in paths:
        raise UnacceptableFile(_legacy_message(paths, name=name))
    _refuse_network_paths(storage, paths, name=name)
    attached = [path for path in paths if path.rpartition("/")[2] == _DATA and "/" in path]
    if len(attached) > MAX_ATTACHMENTS:
        raise UnacceptableFile(
            f"“{name}” has more than {MAX_ATTACHMENTS} attachments. Upload the files one by one."
        )
    for path in attached:
        data = storage.openstream(path).read()
        attachment = _attachment_name(storage, path.rpartition("/")[0], paths)
        if why := danger(data, name=attachment, is_scanned=is_scanned):
            yield path, why


def _legacy_message(paths: list[str], *, name: str) -> str:
    tops = {path.split("/")[0] for path in paths}
    if "EncryptedPackage" in tops:
        return f"“{name}” is protected with a password. Save it without one."
    program = next((program for stream, program in _LEGACY_PROGRAMS.items() if stream in tops), "")
    if program:
        return (
            f"“{name}” is in an old {program} format, which can contain macros. Save it as .docx, "
            ".xlsx or .pptx."
        )
    return wrong_type(name)


def _refuse_network_paths(storage: "olefile.OleFileIO", paths: list[str], *, name: str) -> None:
    """Refuse a sound or a form in another place, which Outlook fetches when it reminds."""
    for path in paths:
        if found := _NAMED_TEXT.search(path):
            codec = "utf-16-le" if found[1] == "F" else "cp1252"
            text = storage.openstream(path).read(1024).decode(codec, "replace")
            if text.startswith(("\\\\", "//", "\\??\\")):
                raise UnacceptableFile(
                    f"“{name}” loads something from another place when it is opened. Save the "
                    "message as a PDF."
                )


def _attachment_name(storage: "olefile.OleFileIO", folder: str, paths: list[str]) -> str:
    for start in (_LONG_NAME, _SHORT_NAME):
        for suffix, codec in (("001F", "utf-16-le"), ("001E", "cp1252")):
            path = f"{folder}/{start}{suffix}"
            if path in paths:
                return str(storage.openstream(path).read().decode(codec, "replace"))
    return "attachment"
