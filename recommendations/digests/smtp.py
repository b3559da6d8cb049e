"""Sending by SMTP, over one kept-open connection."""

import smtplib
from contextlib import suppress
from email.mime.image import MIMEImage

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from recommendations.digests.personal import Personal
from recommendations.digests.transport import Away, Later, Refused
from recommendations.models import OutboxMail

PERMANENT = 500  # SMTP answers from here on say: never
TREND = "trend"  # the content id of the picture


class SmtpTransport:
    """Django's own mail backend, whatever EMAIL_URL makes of it."""

    def __init__(self) -> None:
        self._server: BaseEmailBackend | None = None

    def send(self, mail: OutboxMail, said: Personal) -> str:
        server = self._server or self._connected()
        try:
            server.send_messages([message_of(mail, said)])
        except Exception as error:
            self.close()  # what state the conversation is in, nobody knows
            raise _meaning(error) from error
        return ""

    def close(self) -> None:
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._server.close()
            self._server = None

    def _connected(self) -> BaseEmailBackend:
        server: BaseEmailBackend = get_connection(fail_silently=False)
        try:
            server.open()
        except (smtplib.SMTPException, OSError) as error:
            raise Away(_words(error)) from error
        self._server = server
        return server


class _MailWithPicture(EmailMultiAlternatives):
    """What is attached belongs to the HTML, which shows it."""

    mixed_subtype = "related"


def message_of(mail: OutboxMail, said: Personal) -> EmailMultiAlternatives:
    """Text, HTML and the picture; the headers by which a mail program offers to unsubscribe."""
    message = _MailWithPicture(
        subject=said.subject,
        body=said.text,
        to=[mail.address],
        headers={
            "Message-ID": mail.message_id,
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{said.leave_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    message.attach_alternative(said.html, "text/html")
    if said.picture is not None:
        picture = MIMEImage(said.picture, "png")
        picture.add_header("Content-ID", f"<{TREND}>")
        picture.add_header("Content-Disposition", "inline", filename="trend.png")
        message.attach(picture)
    return message


def _meaning(error: Exception) -> Exception:
    """What an answer says about the mail, or about the server."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, words = next(iter(error.recipients.values()))
            kind = Refused if code >= PERMANENT else Later
            return kind(_line(code, words))
        case smtplib.SMTPDataError():
            kind = Refused if error.smtp_code >= PERMANENT else Later
            return kind(_words(error))
        case smtplib.SMTPServerDisconnected() | TimeoutError():
            return Later(_words(error))
        case smtplib.SMTPException() | OSError():
            return Away(_words(error))
    return error


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _line(error.smtp_code, error.smtp_error)
    return f"{type(error).__name__}: {error}"


def _line(code: int, words: bytes | str) -> str:
    return f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"
