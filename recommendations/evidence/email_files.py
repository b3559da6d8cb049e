"""Checks email messages and their attachments."""

import io
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from recommendations.evidence.file_types import EMAIL, OUTLOOK, FileType, UnacceptableFile
from recommendations.evidence.text_files import wrong_type

if TYPE_CHECKING:
    from email.message import EmailMessage

    import olefile

_MAX_DEPTH = 3  # a message in a message in a message
_MAX_ATTACHMENTS = 50
_MAX_PARTS = 1_000
_LOADED_TYPES = {"message/external-body", "message/partial"}

_FIRST_LINES = {
    *(b"from", b"to", b"subject", b"date", b"received", b"return-path", b"delivered-to"),
    *(b"mime-version", b"message-id", b"x-sender", b"x-unsent", b"content-type"),
}
_HEADER = re.compile(
    rb"[A-Za-z][A-Za-z0-9-]*:|[ \t]+\S"
)  # the next header, or a continuation of the first

Inspect = Callable[[BinaryIO, str, int], object]  # file, name, depth

_ATTACHED = "__attach_version1.0_"
_NAMED_TEXT = re.compile(r"__substg1\.0_[89A-F][0-9A-F]{3}001([EF])$")  # such as a sound's path
_DATA, _LONG_NAME, _SHORT_NAME = ("__substg1.0_37010102", "__substg1.0_3707", "__substg1.0_3704")
_LEGACY_PROGRAMS = {
    "WordDocument": "Word",
    "Workbook": "Excel",
    "Book": "Excel",
    "PowerPoint Document": "PowerPoint",
}


def looks_like_message(head: bytes) -> bool:
    lines = head.lstrip(b"\xef\xbb\xbf").splitlines()[:2]
    first = lines[0].split(b":", 1)[0].lower() if lines else b""
    return first in _FIRST_LINES and len(lines) > 1 and bool(_HEADER.match(lines[1]))


def inspect_message(file: BinaryIO, *, name: str, depth: int, inspect: Inspect) -> FileType:
    """Return EMAIL for a valid .eml file. Raises UnacceptableFile, also for its attachments."""
    import email
    import email.policy
    from email.message import EmailMessage

    try:
        file.seek(0)
        message = email.message_from_binary_file(file, policy=email.policy.default)
        attachments = (
            list(_message_attachments(message, name)) if isinstance(message, EmailMessage) else []
        )
        is_message = isinstance(message, EmailMessage) and bool(message.get("from"))
    except (UnacceptableFile, MemoryError):
        raise
    except Exception:  # a malicious message can fail anywhere in the parser
        is_message = False
    if not is_message:
        raise UnacceptableFile(f"“{name}” is damaged: it cannot be read as an email message.")
    _inspect_all(attachments, name=name, depth=depth, inspect=inspect)
    return EMAIL


def _message_attachments(message: "EmailMessage", name: str) -> Iterator[tuple[str, bytes]]:
    """Yield the name and bytes of every part that is not the text of the message."""
    for number, part in enumerate(message.walk(), start=1):
        if number > _MAX_PARTS:
            raise UnacceptableFile(
                f"“{name}” has more than {_MAX_PARTS:,} parts. Save it as a PDF."
            )
        if part.get_content_type() in _LOADED_TYPES:
            raise UnacceptableFile(
                f"“{name}” loads an attachment from another place. Upload the attachment itself."
            )
        if part.is_multipart() and part.get_content_type() != "message/rfc822":
            continue
        is_body = part.get_content_maintype() == "text" and not part.get_filename()
        if part.get_content_type() == "message/rfc822":
            inner = list(part.iter_parts())
            raw = b"".join(attached.as_bytes() for attached in inner)
            yield part.get_filename() or "message.eml", raw
        elif not is_body:
            payload = part.get_payload(decode=True)
            yield (
                part.get_filename() or "attachment",
                payload if isinstance(payload, bytes) else b"",
            )


def inspect_ole(file: BinaryIO, *, name: str, depth: int, inspect: Inspect) -> FileType:
    """Return OUTLOOK for a valid .msg file. Raises UnacceptableFile for others."""
    import olefile

    file.seek(0)
    try:
        with olefile.OleFileIO(file) as storage:
            paths = ["/".join(path) for path in storage.listdir()]
            if "__properties_version1.0" not in paths:
                raise UnacceptableFile(_legacy_message(paths, name=name))
            _refuse_network_paths(storage, paths, name=name)
            attachments = list(_outlook_attachments(storage, paths, name=name))
    except (OSError, ValueError, TypeError, IndexError, KeyError, AttributeError):
        raise UnacceptableFile(f"“{name}” is damaged: it cannot be read.") from None
    _inspect_all(attachments, name=name, depth=depth, inspect=inspect)
    return OUTLOOK


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


def _outlook_attachments(
    storage: "olefile.OleFileIO", paths: list[str], *, name: str
) -> Iterator[tuple[str, bytes]]:
    folders = sorted({path.split("/")[0] for path in paths if path.startswith(_ATTACHED)})
    for folder in folders:
        if any(path.startswith(f"{folder}/__substg1.0_3701000D/") for path in paths):
            raise UnacceptableFile(
                f"“{name}” has a message or an object attached. Save it as a separate file."
            )
        if f"{folder}/{_DATA}" in paths:
            data = storage.openstream(f"{folder}/{_DATA}").read()
            yield _attachment_name(storage, folder, paths), data


def _attachment_name(storage: "olefile.OleFileIO", folder: str, paths: list[str]) -> str:
    for start in (_LONG_NAME, _SHORT_NAME):
        for suffix, codec in (("001F", "utf-16-le"), ("001E", "cp1252")):
            path = f"{folder}/{start}{suffix}"
            if path in paths:
                return str(storage.openstream(path).read().decode(codec, "replace"))
    return "attachment"


def _inspect_all(
    attachments: list[tuple[str, bytes]], *, name: str, depth: int, inspect: Inspect
) -> None:
    for number, (attachment_name, data) in enumerate(attachments, start=1):
        if number > _MAX_ATTACHMENTS or depth >= _MAX_DEPTH:
            raise UnacceptableFile(
                f"“{name}” has too many attachments. Upload the files one by one."
            )
        try:
            inspect(io.BytesIO(data), attachment_name, depth + 1)
        except UnacceptableFile as error:
            raise UnacceptableFile(
                f"“{name}” has an attachment that you cannot upload. {error}"
            ) from None
