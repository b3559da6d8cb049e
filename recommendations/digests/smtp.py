"""Sending by SMTP, over one kept-open connection."""

import smtplib
from contextlib import suppress
from functools import cache

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from recommendations.digests.message import message_of
from recommendations.digests.pattern import Pattern
from recommendations.digests.personal import personal_of
from recommendations.digests.transport import Away, Later, Refused
from recommendations.models import OutboxMail

PERMANENT = 500  # SMTP answers from here on say: never
PATTERNS = 200  # kept at once; a week has one for each body, and a few more


class SmtpTransport:
    """Django's own mail backend, whatever EMAIL_URL makes of it."""

    def __init__(self) -> None:
        self._server: BaseEmailBackend | None = None
        self._patterns: dict[int, Pattern | None] = {}

    def send(self, mail: OutboxMail) -> str:
        server = self._server or self._connected()
        try:
            line = server.connection if isinstance(server, EmailBackend) else None
            pattern = self._pattern(mail) if line is not None else None
            if line is not None and pattern is not None:
                to = sanitize_address(mail.address, "utf-8")
                line.sendmail(_sender(), [to], pattern.filled(mail, to=to))
            else:
                said = personal_of(mail)
                message = message_of(said, to=mail.address, message_id=mail.message_id)
                server.send_messages([message])
        except Exception as error:
            self.close()  # what state the conversation is in, nobody knows
            raise _meaning(error) from error
        return ""

    def close(self) -> None:
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._server.close()
            self._server = None

    def _pattern(self, mail: OutboxMail) -> Pattern | None:
        """Made once for a content; None where it can have none."""
        if mail.content_id not in self._patterns:
            if len(self._patterns) >= PATTERNS:
                self._patterns.clear()
            try:
                self._patterns[mail.content_id] = Pattern(mail.content)
            except ValueError:
                self._patterns[mail.content_id] = None
        return self._patterns[mail.content_id]

    def _connected(self) -> BaseEmailBackend:
        server: BaseEmailBackend = get_connection(fail_silently=False)
        try:
            server.open()
        except (smtplib.SMTPException, OSError) as error:
            raise Away(_words(error)) from error
        self._server = server
        return server


@cache
def _sender() -> str:
    return sanitize_address(settings.DEFAULT_FROM_EMAIL, "utf-8")


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
