"""The mailbox of delivery failures, as BOUNCE_MAILBOX_URL names it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class BounceMailbox:
    """How to reach the mailbox. `security`: `tls`, `starttls`, or `none` on this machine."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    security: str
