"""Classifies the exceptions of smtplib: deferred, rejected or unavailable."""

import re
import smtplib

from recommendations.emails.transports.base import Deferred, Rejected, Unavailable

PERMANENT = 500  # answers from here on are final
CLOSING = 421
UNKNOWN_MAILBOX = {550, 551, 553}  # where no enhanced status code says more
_ANSWER = re.compile(r"(\d{3})[ -](?:([245])\.(\d{1,3})\.(\d{1,3})\b)?")  # RFC 3463
ABOUT_SENDER = {("1", "7"), ("1", "8")}
# Exchange Online: no such recipient; others: the domain has no email server, or does not exist
ABOUT_ROUTE = {("4", "1"), ("4", "4"), ("4", "310")}


def classify(error: OSError) -> Deferred | Rejected | Unavailable:
    """Return whether to try later, to stop this email, or to stop the run.

    4xx and a lost connection are deferrals and 5xx rejections, but an answer about the sender or
    to EHLO would be the same for every other email.
    """
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, text = _only_answer(error)
            if code >= PERMANENT:
                answer = _answer(code, text)
                return Rejected(answer, by_address=is_about_mailbox(answer))
            return Deferred(describe(error))
        case smtplib.SMTPDataError():
            if error.smtp_code >= PERMANENT:
                return Rejected(describe(error), by_address=False)
            return Deferred(describe(error))
        case smtplib.SMTPServerDisconnected():
            return Deferred(describe(error))
    return Unavailable(describe(error))


def is_closing(error: OSError) -> bool:
    """Whether the server closes the connection without accepting the email."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            return _only_answer(error)[0] == CLOSING
        case smtplib.SMTPResponseException():
            return bool(error.smtp_code == CLOSING)
    return False


def describe(error: OSError) -> str:
    """Return the server's answer, `550 5.1.1 no such user`, or the error."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            return _answer(*_only_answer(error))
        case smtplib.SMTPResponseException():
            return _answer(error.smtp_code, error.smtp_error)
    return f"{type(error).__name__}: {error}"


def _only_answer(error: smtplib.SMTPRecipientsRefused) -> tuple[int, bytes]:
    """Each of our emails has one recipient."""
    return next(iter(error.recipients.values()))


def is_about_mailbox(answer: str) -> bool:
    """Whether a final answer, such as `550 5.1.1 no such user`, blames the recipient's mailbox.

    5.1.x and 5.2.x do; 5.7.x is about our permission to send.
    """
    match = _ANSWER.match(answer)
    if match is None:
        return False
    code, kind, *detail = match.groups()
    if kind is None:
        return int(code) in UNKNOWN_MAILBOX
    place = tuple(detail)
    is_mailbox = detail[0] in {"1", "2"} and place not in ABOUT_SENDER
    return kind == "5" and (is_mailbox or place in ABOUT_ROUTE)


def _answer(code: int, text: bytes | str) -> str:
    return f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
