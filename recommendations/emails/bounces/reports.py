"""Reads a received message: a delivery report (RFC 3464, RFC 6533), a reply of a machine, or other.

The message may be cut off after some kilobytes, and may be made by anybody: nothing in it is
trusted before `matching` has found the email that it is about.
"""

import base64
import binascii
import quopri
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.parser import HeaderParser
from enum import Enum, auto

from forces.text import normalise_email
from recommendations.emails.transports.smtp_errors import is_about_mailbox

MAX_FAILURES = 10  # each of our emails has one recipient
MAX_MESSAGE_IDS = 5
MAX_FIELD_LENGTH = 2000  # characters that are looked at, so that no search takes long
_STATUS_TYPES = {"message/delivery-status", "message/global-delivery-status"}
_ORIGINAL_TYPES = {"message/rfc822", "message/global"}
_HEADERS_TYPES = {"text/rfc822-headers", "message/global-headers"}
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,200}>")  # printable ASCII
_ADDRESS = re.compile(r"(?:[a-z0-9-]+\s*;)?\s*<?([^<>\s;]+@[^<>\s;]+)>?", re.IGNORECASE)
_NO_MAILBOX = re.compile(
    r"unrouteable|unknown|no such|not found|does not exist|invalid recipient", re.IGNORECASE
)


class MessageKind(Enum):
    """What a received message is."""

    REPORT = auto()  # of the delivery of an email
    AUTOMATIC = auto()  # an out-of-office reply, a receipt, a newsletter
    OTHER = auto()  # perhaps from a person


@dataclass(frozen=True, kw_only=True)
class Failure:
    """One recipient who did not get the email, and the words of the email server."""

    addresses: frozenset[str]  # in the form of `comparable`
    answer: str
    is_about_mailbox: bool  # and not about our permission to send, or a server that was down


@dataclass(frozen=True, kw_only=True)
class ReceivedMessage:
    """`message_ids` are those of the email that a report is about, as the report says."""

    kind: MessageKind
    message_ids: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()


def comparable(address: str) -> str:
    """Return an address in the form in which addresses of reports are compared with ours."""
    return normalise_email(address).lower()


def read_message(raw: bytes) -> ReceivedMessage:
    """Return what a message is; one that cannot be read is `MessageKind.OTHER`."""
    try:
        return _read(message_from_bytes(raw))
    except Exception:  # a message from outside must not stop the others, whatever is wrong with it
        return ReceivedMessage(kind=MessageKind.OTHER)


def _read(message: Message) -> ReceivedMessage:
    children = _parts_of_report(message)
    statuses = [part for part in children if part.get_content_type() in _STATUS_TYPES]
    if not statuses:
        kind = MessageKind.AUTOMATIC if children or _is_automatic(message) else MessageKind.OTHER
        return ReceivedMessage(kind=kind)
    found = [_failure(fields) for part in statuses for fields in _recipients(part)]
    return ReceivedMessage(
        kind=MessageKind.REPORT,
        message_ids=tuple(_message_ids(message, children))[:MAX_MESSAGE_IDS],
        failures=tuple(failure for failure in found if failure)[:MAX_FAILURES],
    )


def _parts_of_report(message: Message) -> list[Message]:
    """Return the parts of a report, also if a gateway has put it, or them, into another message.

    The list is empty if there is no report.
    """
    parts = _parts(message)
    if message.get_content_type() == "multipart/report":
        return parts
    inner = [part for part in parts if part.get_content_type() == "multipart/report"]
    if inner:
        return _parts(inner[0])
    return parts if any(part.get_content_type() in _STATUS_TYPES for part in parts) else []


def _parts(message: Message) -> list[Message]:
    payload = message.get_payload() if message.is_multipart() else []
    return [part for part in payload if isinstance(part, Message)]


def _is_automatic(message: Message) -> bool:
    """Whether a machine sent it (RFC 3834). A bounce in an unknown form is left to a person."""
    if "X-Failed-Recipients" in message or _header(message, "Return-Path") == "<>":
        return "X-Failed-Recipients" not in message and _is_reply(message)
    precedence = _header(message, "Precedence").lower()
    return _is_reply(message) or precedence in {"auto_reply", "bulk", "junk", "list"}


def _is_reply(message: Message) -> bool:
    submitted = _header(message, "Auto-Submitted").lower().partition(";")[0].strip()
    marks = ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress")
    return submitted not in {"", "no"} or any(name in message for name in marks)


def _header(message: Message, name: str) -> str:
    return " ".join(str(message.get(name, ""))[:MAX_FIELD_LENGTH].split())


def _recipients(part: Message) -> list[Message]:
    """Return the fields of each recipient in a part with the delivery status."""
    blocks = re.split(r"\n[ \t]*\n", _status_text(part).replace("\r\n", "\n"))
    fields = [HeaderParser().parsestr(block.strip("\n")) for block in blocks]
    return [block for block in fields if "Action" in block and "Final-Recipient" in block]


def _status_text(part: Message) -> str:
    """Return the text of the part, which the parser has split into fields and bodies."""
    payload, texts = part.get_payload(), []
    for block in payload if isinstance(payload, list) else []:
        if isinstance(block, Message):
            texts.append("".join(f"{name}: {value}\n" for name, value in block.raw_items()))
            body = block.get_payload(decode=True)
            texts.append(body.decode("ascii", "surrogateescape") if isinstance(body, bytes) else "")
    text = "\n".join(text for text in texts if text)
    return _decode(text, encoding=_header(part, "Content-Transfer-Encoding").lower())


def _decode(text: str, *, encoding: str) -> str:
    raw = text.encode("utf-8", "surrogateescape")
    if encoding == "base64":
        try:
            raw = base64.b64decode(raw)
        except binascii.Error:
            return ""
    elif encoding == "quoted-printable":
        raw = quopri.decodestring(raw)
    return raw.decode("utf-8", "replace")


def _failure(fields: Message) -> Failure | None:
    """Return the failure, or None if the email was delivered, relayed or is only delayed."""
    if _header(fields, "Action").lower().partition(" ")[0] != "failed":
        return None
    names = ("Final-Recipient", "Original-Recipient")
    matches = [_ADDRESS.search(_header(fields, name)) for name in names]
    status = _header(fields, "Status").partition(" ")[0]
    diagnostic = _header(fields, "Diagnostic-Code") or _header(fields, "X-Exim-Diagnostic")
    answer = diagnostic.partition(";")[2].strip() or diagnostic
    return Failure(
        addresses=frozenset(comparable(match[1]) for match in matches if match),
        answer=answer or f"Not delivered, status {status or 'not given'}",
        is_about_mailbox=_is_about_mailbox(answer, status),
    )


def _is_about_mailbox(answer: str, status: str) -> bool:
    """Judge by the server's answer, or else by the status, which can be as vague as 5.0.0."""
    if re.match(r"[245]\d\d[ -]", answer):
        return is_about_mailbox(answer)
    if status == "5.0.0":
        return bool(_NO_MAILBOX.search(answer))
    return is_about_mailbox(f"500 {status}")


def _message_ids(message: Message, children: list[Message]) -> dict[str, None]:
    """Return the Message-IDs of the returned email; without it, those that the report refers to."""
    headers = [_original(part) for part in children]
    texts = [_header(original, "Message-ID") for original in headers if original is not None]
    if not any(texts):
        texts = [_header(message, name) for name in ("In-Reply-To", "References")]
    return dict.fromkeys(found for text in texts for found in _MESSAGE_ID.findall(text))


def _original(part: Message) -> Message | None:
    """Return the headers of the returned email, if this part has them."""
    kind, payload = part.get_content_type(), part.get_payload()
    if kind not in _ORIGINAL_TYPES | _HEADERS_TYPES:
        return None
    if isinstance(payload, list):
        [original] = payload
        if isinstance(original, Message) and original.items():
            return original
        payload = original.get_payload() if isinstance(original, Message) else ""
    encoding = _header(part, "Content-Transfer-Encoding").lower()
    return HeaderParser().parsestr(_decode(str(payload), encoding=encoding), headersonly=True)
