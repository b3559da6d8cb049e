"""Sending by SMTP, over one kept-open connection."""

import logging
import re
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

log = logging.getLogger(__name__)

PERMANENT = 500  # SMTP answers from here on say: never
OK, CLOSING = 250, 421
ACCEPTED = {250, 251}  # answers to an address
UNKNOWN = {550, 551, 553}  # without a further code: of the mailbox
ENHANCED = re.compile(r"^5\.(\d+)\.(\d+)\b")
OF_SENDER = {("1", "7"), ("1", "8")}  # 5.1.7 and 5.1.8 are about our own address
PATTERNS = 200  # kept at once; a week has one for each body, and a few more


class SmtpTransport:
    """Django's own mail backend, whatever EMAIL_URL makes of it."""

    proves_address = True

    def __init__(self) -> None:
        self._server: BaseEmailBackend | None = None
        self._patterns: dict[int, Pattern | None] = {}
        self._delivered = 0  # on this connection
        self._may_be_taken = False  # the mail that is being handed over

    def send(self, mail: OutboxMail) -> str:
        """Some relays close after so many mails: then once more, on a new connection."""
        had_delivered = self._delivered
        try:
            self._send(mail)
        except (smtplib.SMTPException, OSError) as error:
            self._abort()
            if not (had_delivered and self._has_closed(error)):
                raise _meaning(error) from error
            log.info("The mail server closed after %s mails; one more connection.", had_delivered)
            self._send_once_more(mail)
        except Exception:
            self._abort()
            raise
        self._delivered += 1
        return ""

    def close(self) -> None:
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._server.close()
            self._server = None

    def _send_once_more(self, mail: OutboxMail) -> None:
        try:
            self._send(mail)
        except (smtplib.SMTPException, OSError) as error:
            self._abort()
            raise _meaning(error) from error

    def _send(self, mail: OutboxMail) -> None:
        server = self._server or self._connected()
        self._may_be_taken = False
        line = server.connection if isinstance(server, EmailBackend) else None
        pattern = self._pattern(mail) if line is not None else None
        if line is not None and pattern is not None:
            to = sanitize_address(mail.address, "utf-8")
            self._converse(line, to, pattern.filled(mail, to=to))
        else:
            self._may_be_taken = True
            message = message_of(personal_of(mail), to=mail.address, message_id=mail.message_id)
            server.send_messages([message])

    def _converse(self, line: smtplib.SMTP, to: str, raw: bytes) -> None:
        """As smtplib's `sendmail`, which does not tell whether a lost line lost the mail."""
        line.ehlo_or_helo_if_needed()
        sender = _sender()
        code, words = line.mail(sender, [f"size={len(raw)}"] if line.has_extn("size") else [])
        if code != OK:
            raise smtplib.SMTPSenderRefused(code, words, sender)
        code, words = line.rcpt(to)
        if code not in ACCEPTED:
            raise smtplib.SMTPRecipientsRefused({to: (code, words)})
        self._may_be_taken = True
        code, words = line.data(raw)
        if code != OK:
            raise smtplib.SMTPDataError(code, words)

    def _has_closed(self, error: Exception) -> bool:
        """The server closes the line, and surely has not taken the mail."""
        match error:
            case smtplib.SMTPRecipientsRefused():
                return any(code == CLOSING for code, _ in error.recipients.values())
            case smtplib.SMTPResponseException():
                return bool(error.smtp_code == CLOSING)
            case smtplib.SMTPServerDisconnected() | ConnectionError():
                return not self._may_be_taken
        return False

    def _abort(self) -> None:
        """Without a good-bye: what state the conversation is in, nobody knows."""
        line = self._server.connection if isinstance(self._server, EmailBackend) else None
        if line is None:
            self.close()
            return
        with suppress(OSError):
            line.close()
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
        self._server, self._delivered = server, 0
        return server


@cache
def _sender() -> str:
    return sanitize_address(settings.DEFAULT_FROM_EMAIL, "utf-8")


def _meaning(error: Exception) -> Exception:
    """What an answer says about the mail, or about the server."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, words = next(iter(error.recipients.values()))
            line = _line(code, words)
            if code >= PERMANENT:
                return Refused(line, by_address=_is_of_mailbox(code, line))
            return Later(line)
        case smtplib.SMTPDataError():
            if error.smtp_code >= PERMANENT:
                return Refused(_words(error), by_address=False)
            return Later(_words(error))
        case smtplib.SMTPServerDisconnected() | TimeoutError():
            return Later(_words(error))
        case smtplib.SMTPException() | OSError():
            return Away(_words(error))
    return error


def _is_of_mailbox(code: int, line: str) -> bool:
    """Whether a refused address is to blame: 5.1.x and 5.2.x say so, and 5.7.x says that we are."""
    said = ENHANCED.match(line.partition(" ")[2])
    if said is None:
        return code in UNKNOWN
    return said[1] in {"1", "2"} and said.groups() not in OF_SENDER


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _line(error.smtp_code, error.smtp_error)
    return f"{type(error).__name__}: {error}"


def _line(code: int, words: bytes | str) -> str:
    return f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"
