"""The ways by which mail leaves: one interface, and what can go wrong on it."""

from typing import Protocol

from django.conf import settings

from recommendations.models import OutboxMail


class Refused(Exception):
    """This mail will never be taken: because of its address, or for another reason."""

    def __init__(self, words: str, *, by_address: bool) -> None:
        super().__init__(words)
        self.by_address = by_address


class Later(Exception):
    """This mail was not taken now; others may be."""


class Away(Exception):
    """Whoever takes mail takes none now: the others keep their turn."""


class Transport(Protocol):
    """Hands over one mail after the other. Used by one thread; closed at the end.

    `proves_address`: what is taken has reached the address, or at least its mail system.
    """

    proves_address: bool

    def send(self, mail: OutboxMail) -> str:
        """Return how the taker names the mail ("" if it doesn't). Raises the errors above."""

    def close(self) -> None: ...


def open_transport() -> Transport:
    """GOV.UK Notify where it has a key (NOTIFY_API_KEY), else SMTP (EMAIL_URL).

    The connection itself is made with the first mail.
    """
    if settings.NOTIFY is not None:
        from recommendations.digests.notify import NotifyTransport

        return NotifyTransport(settings.NOTIFY)
    from recommendations.digests.smtp import SmtpTransport

    return SmtpTransport()
