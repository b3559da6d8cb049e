"""What an exception of smtplib means for an email, for its address and for the run."""

import re
import smtplib

from recommendations.emails.transports.base import Later, Rejected, Unavailable

PERMANENT = 500  # answers from here on are final
CLOSING = 421
UNKNOWN_MAILBOX = {550, 551, 553}  # where no enhanced status code says more
ENHANCED_CODE = re.compile(r"^5\.(\d+)\.(\d+)\b")  # RFC 3463
ABOUT_SENDER = {("1", "7"), ("1", "8")}


def classify(error: OSError) -> Later | Rejected | Unavailable:
    """Tell a later try (4xx, a lost connection) from a final answer (5xx), and both from an answer
    that every other email would get as well (about the sender, or to EHLO).
    """
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, text = _only_answer(error)
            if code >= PERMANENT:
                answer = _answer(code, text)
                return Rejected(answer, by_address=_is_about_mailbox(code, answer))
            return Later(describe(error))
        case smtplib.SMTPDataError():
            if error.smtp_code >= PERMANENT:
                return Rejected(describe(error), by_address=False)
            return Later(describe(error))
        case smtplib.SMTPServerDisconnected():
            return Later(describe(error))
    return Unavailable(describe(error))


def is_closing(error: OSError) -> bool:
    """Whether the server closes the connection and says that it has not accepted the email."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            return _only_answer(error)[0] == CLOSING
        case smtplib.SMTPResponseException():
            return bool(error.smtp_code == CLOSING)
    return False


def describe(error: OSError) -> str:
    """The server's answer, `550 5.1.1 no such user`, or what happened instead of one."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            return _answer(*_only_answer(error))
        case smtplib.SMTPResponseException():
            return _answer(error.smtp_code, error.smtp_error)
    return f"{type(error).__name__}: {error}"


def _only_answer(error: smtplib.SMTPRecipientsRefused) -> tuple[int, bytes]:
    """Each of our emails has one recipient."""
    return next(iter(error.recipients.values()))


def _is_about_mailbox(code: int, answer: str) -> bool:
    """5.1.x and 5.2.x are about the recipient's mailbox; 5.7.x says that we may not send to it."""
    enhanced = ENHANCED_CODE.match(answer.partition(" ")[2])
    if enhanced is None:
        return code in UNKNOWN_MAILBOX
    return enhanced[1] in {"1", "2"} and enhanced.groups() not in ABOUT_SENDER


def _answer(code: int, text: bytes | str) -> str:
    return f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
