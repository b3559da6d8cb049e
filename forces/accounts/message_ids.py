"""Message-IDs of account emails, by which a delivery failure is matched to a person and address.

Account emails are deleted when they have been sent. So their Message-IDs are signed: nobody else
can make one, and a failure of one that was sent to a former address is not taken for a new one.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.signing import Signer
from django.utils.crypto import constant_time_compare

_SALT = "forces.accounts.message_ids"
_PATTERN = re.compile(r"<account\.(\d{1,15})\.(\d{1,15})\.([A-Za-z0-9_-]{20,60})@[^<>@\s]+>")


@dataclass(frozen=True, kw_only=True)
class SentAccountEmail:
    """An account email, as its Message-ID names it. Later emails have larger `email_id`s."""

    person_id: int
    email_id: int
    signature: str

    def was_sent_to(self, address: str) -> bool:
        """Whether we made this Message-ID, for an email to this address of the person."""
        signer = Signer(salt=_SALT)
        value = _value(self.person_id, self.email_id, address)
        keys = [signer.key, *signer.fallback_keys]
        signatures = [signer.signature(value, key) for key in keys]
        return any(constant_time_compare(self.signature, own) for own in signatures)


def create(*, person_id: int, email_id: int, address: str) -> str:
    """Return the Message-ID of an account email to this address."""
    signature = Signer(salt=_SALT).signature(_value(person_id, email_id, address))
    host = urlsplit(settings.BASE_URL).hostname
    return f"<account.{person_id}.{email_id}.{signature}@{host}>"


def read(message_id: str) -> SentAccountEmail | None:
    """Return what a Message-ID says, which `was_sent_to` proves; None for other Message-IDs."""
    match = _PATTERN.fullmatch(message_id)
    if match is None:
        return None
    return SentAccountEmail(person_id=int(match[1]), email_id=int(match[2]), signature=match[3])


def _value(person_id: int, email_id: int, address: str) -> str:
    return f"{person_id}.{email_id}.{address.lower()}"
