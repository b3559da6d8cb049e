"""The head of the audit trail: what has to be written down elsewhere to prove the trail later.

Somebody who can rewrite the whole database can also rewrite the whole chain of hashes. They cannot
rewrite a head in a sent email, in a log on another machine or in a backup.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from forces.models import AuditEvent

_HEAD = re.compile(r"Audit trail head: (\d+) events?, hash ([0-9a-f]{64}|none)")


@dataclass(frozen=True)
class AuditHead:
    """The number of events and the hash of the last one, as 64 hex digits; "" without events."""

    count: int
    hash: str

    @property
    def line(self) -> str:
        """The head as text, which `heads_in` reads again."""
        noun = "event" if self.count == 1 else "events"
        return f"Audit trail head: {self.count} {noun}, hash {self.hash or 'none'}"

    def line_at(self, at: datetime) -> str:
        """The head as text, with the instant at which it was read."""
        return f"{self.line}, at {at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def current_head() -> AuditHead:
    """Return the head of the trail now; one query."""
    last = AuditEvent.objects.order_by("-position").values_list("position", "hash").first()
    return AuditHead(last[0], bytes(last[1]).hex()) if last else AuditHead(0, "")


def heads_in(text: str) -> list[AuditHead]:
    """Return every head in a text: a log, an email, the manifest of a backup.

    Emails may have broken the lines.
    """
    found = _HEAD.findall(" ".join(text.split()))
    return [AuditHead(int(count), "" if digits == "none" else digits) for count, digits in found]
