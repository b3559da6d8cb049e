"""Email messages (.eml): their attachments, and copies in which dangerous ones are replaced."""

import re
from collections.abc import Iterator
from email.message import Message

from recommendations.evidence.attachments import danger
from recommendations.evidence.file_types import UnacceptableFile

_MAX_PARTS = 1_000
_LOADED_TYPES = {"message/external-body", "message/partial"}
_FIRST_LINES = {
    *(b"from", b"to", b"subject", b"date", b"received", b"return-path", b"delivered-to"),
    *(b"mime-version", b"message-id", b"x-sender", b"x-unsent", b"content-type"),
}
_HEADER = re.compile(
    rb"[A-Za-z][A-Za-z0-9-]*:|[ \t]+\S"
)  # the next header, or a continuation of the first


def looks_like_message(head: bytes) -> bool:
    lines = head.lstrip(b"\xef\xbb\xbf").splitlines()[:2]
    first = lines[0].split(b":", 1)[0].lower() if lines else b""
    return first in _FIRST_LINES and len(lines) > 1 and bool(_HEADER.match(lines[1]))


def inspect_message(content: bytes, *, name: str, is_scanned: bool) -> list[str]:
    """Return a sentence for each dangerous attachment, also of messages inside the message.

    Raises UnacceptableFile for what is no message, and for what loads something by itself.
    """
    return [why for _, _, why in _dangers(_read(content, name), name, is_scanned=is_scanned)]


def safe_message_copy(content: bytes, *, name: str, is_scanned: bool) -> bytes:
    """Return the message, with the reason in place of each dangerous attachment.

    A message without any is returned unchanged, so that its signatures stay valid.
    """
    message = _read(content, name)
    found = list(_dangers(message, name, is_scanned=is_scanned))
    for part, attachment, why in found:
        for header in list(part.keys()):
            if header.lower().startswith("content-"):
                del part[header]
        part["Content-Disposition"] = "attachment"
        part.set_param("filename", f"{attachment}.txt", "Content-Disposition", charset="utf-8")
        part.set_payload(f"{why} It is not in this copy of the message.\n", "utf-8")
    return message.as_bytes() if found else content


def _read(content: bytes, name: str) -> Message:
    """Return the message. Real ones break the rules for headers, so those are not parsed.

    Some programs put a byte order mark or empty lines before it; drafts have no sender.
    """
    import email

    try:
        message = email.message_from_bytes(content.lstrip(b"\xef\xbb\xbf\r\n"))
        is_message = any(message.get(name) for name in ("from", "sender", "to", "subject"))
    except MemoryError:
        raise
    except Exception:  # a malicious message can fail anywhere in the parser
        is_message = False
    if not is_message:
        raise UnacceptableFile(f"“{name}” is damaged: it cannot be read as an email message.")
    return message


def _dangers(
    message: Message, name: str, *, is_scanned: bool
) -> Iterator[tuple[Message, str, str]]:
    """Yield each dangerous part, its file name and the reason. Text of the message is none."""
    for number, part in enumerate(message.walk(), start=1):
        if number > _MAX_PARTS:
            raise UnacceptableFile(
                f"“{name}” has more than {_MAX_PARTS:,} parts. Save it as a PDF."
            )
        if part.get_content_type() in _LOADED_TYPES:
            raise UnacceptableFile(
                f"“{name}” loads an attachment from another place. Upload the attachment itself."
            )
        is_shown = part.get_content_maintype() == "text" and not part.get_filename()
        if part.is_multipart() or is_shown:
            continue
        payload = part.get_payload(decode=True)
        attachment = _file_name(part)
        if isinstance(payload, bytes) and (
            why := danger(payload, name=attachment, is_scanned=is_scanned)
        ):
            yield part, attachment, why


def _file_name(part: Message) -> str:
    from email.errors import HeaderParseError
    from email.header import decode_header, make_header

    name = part.get_filename() or "attachment"
    try:
        return str(make_header(decode_header(name)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return name
