"""E-mail messages, with what is attached to them."""

import email
import email.policy
import io
import re
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import TYPE_CHECKING, BinaryIO

from recommendations.evidence.file_types import EMAIL, OUTLOOK, Kind, Unacceptable

if TYPE_CHECKING:
    import olefile

DEEPEST = 3  # a message in a message in a message
MOST_ATTACHMENTS = 50

_FIRST_LINES = {
    *(b"from", b"to", b"subject", b"date", b"received", b"return-path", b"delivered-to"),
    *(b"mime-version", b"message-id", b"x-sender", b"x-unsent", b"content-type"),
}
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]*:|[ \t]+\S")  # the next one, or the first goes on

Inspect = Callable[[BinaryIO, str, int], object]  # file, name, depth

_ATTACHED = "__attach_version1.0_"
_DATA, _LONG_NAME, _SHORT_NAME = ("__substg1.0_37010102", "__substg1.0_3707", "__substg1.0_3704")
_LEGACY = {
    "WordDocument": "Word",
    "Workbook": "Excel",
    "Book": "Excel",
    "PowerPoint Document": "PowerPoint",
}


def looks_like_message(head: bytes) -> bool:
    """Whether a text begins with the lines that a mail program writes."""
    lines = head.lstrip(b"\xef\xbb\xbf").splitlines()[:2]
    first = lines[0].split(b":", 1)[0].lower() if lines else b""
    return first in _FIRST_LINES and len(lines) > 1 and bool(_HEADER.match(lines[1]))


def inspect_message(file: BinaryIO, *, name: str, depth: int, inspect: Inspect) -> Kind:
    """An .eml file. What is attached is held against the same list."""
    try:
        file.seek(0)
        message = email.message_from_binary_file(file, policy=email.policy.default)
        attached = list(_attached_to(message)) if isinstance(message, EmailMessage) else []
        is_message = isinstance(message, EmailMessage) and bool(message.get("from"))
    except Exception:  # a crafted message can fail anywhere in the parser, by depth, too
        is_message = False
    if not is_message:
        raise Unacceptable(f"“{name}” is not an e-mail message that can be read.")
    _inspect_all(iter(attached), name=name, depth=depth, inspect=inspect)
    return EMAIL


def _attached_to(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    """Everything but the message's own words, in the order of the mail."""
    for part in message.walk():
        if part.is_multipart() and part.get_content_type() != "message/rfc822":
            continue
        is_words = part.get_content_maintype() == "text" and not part.get_filename()
        if part.get_content_type() == "message/rfc822":
            inner = list(part.iter_parts())
            raw = b"".join(each.as_bytes() for each in inner if isinstance(each, EmailMessage))
            yield part.get_filename() or "message.eml", raw
        elif not is_words:
            payload = part.get_payload(decode=True)
            yield (
                part.get_filename() or "attachment",
                payload if isinstance(payload, bytes) else b"",
            )


def inspect_ole(file: BinaryIO, *, name: str, depth: int, inspect: Inspect) -> Kind:
    """An Outlook message; every other file of this old format is refused with its reason."""
    import olefile

    file.seek(0)
    try:
        with olefile.OleFileIO(file) as storage:
            paths = ["/".join(path) for path in storage.listdir()]
            if "__properties_version1.0" not in paths:
                raise Unacceptable(_legacy(paths, name=name))
            attached = list(_attached_in(storage, paths, name=name))
    except (OSError, ValueError, TypeError, IndexError, KeyError, AttributeError):
        raise Unacceptable(f"“{name}” is damaged: it cannot be read.") from None
    _inspect_all(iter(attached), name=name, depth=depth, inspect=inspect)
    return OUTLOOK


def _legacy(paths: list[str], *, name: str) -> str:
    tops = {path.split("/")[0] for path in paths}
    if "EncryptedPackage" in tops:
        return f"“{name}” is protected with a password. Save it without one."
    program = next((program for stream, program in _LEGACY.items() if stream in tops), "")
    if program:
        return (
            f"“{name}” is in an old {program} format, which can hold macros. Save it in the "
            "format of today (.docx, .xlsx or .pptx)."
        )
    return f"“{name}” is not a file of a kind that can be kept here."


def _attached_in(
    storage: "olefile.OleFileIO", paths: list[str], *, name: str
) -> Iterator[tuple[str, bytes]]:
    folders = sorted({path.split("/")[0] for path in paths if path.startswith(_ATTACHED)})
    for folder in folders:
        if any(path.startswith(f"{folder}/__substg1.0_3701000D/") for path in paths):
            raise Unacceptable(
                f"“{name}” has another message or an object attached. Save that one by itself."
            )
        if f"{folder}/{_DATA}" in paths:
            data = storage.openstream(f"{folder}/{_DATA}").read()
            yield _name_in(storage, folder, paths), data


def _name_in(storage: "olefile.OleFileIO", folder: str, paths: list[str]) -> str:
    for start in (_LONG_NAME, _SHORT_NAME):
        for ending, codec in (("001F", "utf-16-le"), ("001E", "cp1252")):
            path = f"{folder}/{start}{ending}"
            if path in paths:
                return str(storage.openstream(path).read().decode(codec, "replace"))
    return "attachment"


def _inspect_all(
    attached: Iterator[tuple[str, bytes]], *, name: str, depth: int, inspect: Inspect
) -> None:
    for number, (inner, data) in enumerate(attached, start=1):
        if number > MOST_ATTACHMENTS or depth >= DEEPEST:
            raise Unacceptable(
                f"“{name}” has too much attached to it. Choose the files one by one."
            )
        try:
            inspect(io.BytesIO(data), inner, depth + 1)
        except Unacceptable as reason:
            raise Unacceptable(
                f"“{name}” has something attached that cannot be kept: {reason}"
            ) from None
