"""Sends by SMTP, through Django's email backend and one connection that stays open."""

import logging
from contextlib import suppress

from django.conf import settings
from django.core.mail import get_connection

from recommendations.emails.message import build_message
from recommendations.emails.transports import smtp_errors
from recommendations.emails.transports.base import Unavailable
from recommendations.models import OutboxEmail

log = logging.getLogger(__name__)


class SmtpTransport:
    """Sends by Django's EMAIL_BACKEND, which EMAIL_URL configures.

    Where delivery failures are read from a mailbox, the answer of the relay proves no address.
    """

    def __init__(self) -> None:
        self.proves_address = settings.BOUNCE_MAILBOX is None
        self._backend = get_connection()
        self._sent = 0  # over this connection

    def send(self, email: OutboxEmail) -> str:
        """Send one email; reconnect if the relay has closed the connection (421)."""
        message = build_message(email)
        try:
            self._backend.open()  # connects and signs in, unless the connection is open
        except OSError as error:
            raise Unavailable(smtp_errors.describe(error)) from error
        try:
            self._backend.send_messages([message])
        except OSError as error:  # the base of smtplib's exceptions
            sent = self._sent
            self.close()
            if not (sent and smtp_errors.is_closing(error)):
                raise smtp_errors.classify(error) from error
            log.info("The email server closed the connection after %s emails.", sent)
            return self.send(email)
        self._sent += 1
        return ""

    def close(self) -> None:
        self._sent = 0
        with suppress(OSError):
            self._backend.close()
