"""The mailbox of delivery failures, as BOUNCE_MAILBOX_URL names it."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

PORTS = {"imaps": 993, "imap+tls": 143, "imap": 143}
LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}
EXAMPLE = "imaps://user:password@host/INBOX"


@dataclass(frozen=True, kw_only=True)
class BounceMailbox:
    """How to reach the mailbox. `security`: `tls`, `starttls`, or `none` on this machine."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    security: str


def bounce_mailbox(text: str) -> BounceMailbox:
    """Parse `imaps://user:password@host:993/folder`, or `imap+tls://` for STARTTLS.

    `imap://`, without encryption, is for this machine only. Raises ValueError with the end of a
    sentence that begins with the variable's name and does not repeat the password.
    """
    try:
        parts = urlsplit(text)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise ValueError(f"must be an address such as {EXAMPLE}") from None
    host, folder = parts.hostname, unquote(parts.path.strip("/")) or "INBOX"
    if not (host and parts.username and parts.password) or parts.query or parts.fragment:
        raise ValueError(
            f"must have a user, a password and a host, as in {EXAMPLE}; write letters such as "
            "/ @ : # ? % of the user name and the password as %2F %40 %3A %23 %3F %25"
        )
    if parts.scheme == "imap" and host not in LOCAL_HOSTS:
        raise ValueError("must begin with imaps:// or imap+tls://: the password would be readable")
    if any(ord(letter) < 32 or letter in '"\\' for letter in folder) or not folder.isascii():
        raise ValueError("has a folder name that is not plain ASCII letters, digits and spaces")
    return BounceMailbox(
        host=host,
        port=port,
        user=unquote(parts.username),
        password=unquote(parts.password),
        folder=folder,
        security={"imaps": "tls", "imap+tls": "starttls", "imap": "none"}[parts.scheme],
    )
