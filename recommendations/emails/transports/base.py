"""What every email transport does, and what can go wrong on it."""

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from recommendations.models import OutboxEmail


class Rejected(Exception):
    """This email will never be accepted: because of its address, or for another reason."""

    def __init__(self, answer: str, *, by_address: bool) -> None:
        super().__init__(answer)
        self.by_address = by_address


class Deferred(Exception):
    """This email was not accepted now; others may be."""


class Unavailable(Exception):
    """No email is accepted now: the run stops, and the others stay due."""


class Transport(Protocol):
    """Sends emails one after another until it is closed.

    `proves_address`: an accepted email has reached the address, or at least its email system.
    """

    proves_address: bool

    def send(self, email: OutboxEmail) -> str:
        """Send it; return the provider's id of the email, or "". Raises the errors above."""

    def close(self) -> None: ...


def get_transport() -> Transport:
    """Return the transport named by settings.EMAIL_TRANSPORT; it connects with the first email."""
    transport: Transport = import_string(settings.EMAIL_TRANSPORT)()
    return transport
