"""Sending what waits in the outbox (design, section 8; docs/decisions/0008).

Rows are claimed with SKIP LOCKED under a lease, handed over, and marked one by one. A sender that
dies in between leaves its rows to whoever comes after the lease, with the same Message-ID.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from recommendations.digests import claims, refusals
from recommendations.digests.personal import personal
from recommendations.digests.transport import Away, Later, Refused, Transport, open_transport
from recommendations.models import OutboxMail

log = logging.getLogger(__name__)

State = OutboxMail.State
BATCH = 50
CONVERSATION = 10 * settings.EMAIL_TIMEOUT  # seconds: longer than handing over one mail can last


@dataclass
class Sent:
    """What one run did."""

    sent: int = 0
    refused: int = 0
    postponed: int = 0
    given_up: int = 0

    def __str__(self) -> str:
        words = f"{self.sent} sent, {self.refused} refused, {self.postponed} postponed"
        return words + (f", {self.given_up} given up" if self.given_up else "")


def send_waiting(
    *, clock: Callable[[], datetime] = timezone.now, longest: timedelta = timedelta(minutes=20)
) -> Sent:
    """Send what waits, for so long at most; stop early where nobody takes mail."""
    done = Sent(given_up=claims.give_up(at=clock()))
    ends_at = clock() + longest
    transport = open_transport()
    try:
        while clock() < ends_at:
            batch = claims.claim(at=clock(), most=BATCH)
            if not batch:
                break
            if not _send_batch(batch, transport, clock, done):
                break
    finally:
        transport.close()
    return done


def _send_batch(
    batch: list[OutboxMail], transport: Transport, clock: Callable[[], datetime], done: Sent
) -> bool:
    """Whether somebody still takes mail. Rows for which the lease gets short are given back."""
    lease_ends = batch[0].next_attempt_at
    delivered = []
    try:
        while batch:
            if (lease_ends - clock()).total_seconds() < min(CONVERSATION, claims.lease() / 2):
                break
            mail = batch.pop(0)
            if _send(mail, transport, clock, done):
                delivered.append(mail)
    except Away as reason:
        log.warning("Nobody takes mail: %s", reason)
        return False
    finally:
        refusals.forget(delivered)
        claims.give_back(batch, at=clock())
    return True


def _send(
    mail: OutboxMail, transport: Transport, clock: Callable[[], datetime], done: Sent
) -> bool:
    said = personal(mail.content, reader_id=mail.reader_id, name=mail.reader_name, kind=mail.kind)
    try:
        provider_id = transport.send(mail, said)
    except Refused as reason:
        refusals.refuse(mail, str(reason), at=clock())
        done.refused += 1
    except (Later, Away) as reason:
        refusals.postpone(mail, str(reason), at=clock())
        done.postponed += 1
        if isinstance(reason, Away):
            raise
    else:
        _mark_sent(mail, provider_id, clock)
        done.sent += 1
        return True
    return False


def _mark_sent(mail: OutboxMail, provider_id: str, clock: Callable[[], datetime]) -> None:
    """From the server's yes to the end of this lies the window of docs/decisions/0008.

    While PostgreSQL is away it is asked again until the lease ends: after that it is lost.
    """
    row = OutboxMail.objects.filter(pk=mail.pk)
    marks = {"state": State.SENT, "claimed_at": None, "last_error": "", "provider_id": provider_id}
    while True:
        try:
            row.update(sent_at=clock(), **marks)
        except (OperationalError, InterfaceError):
            if clock() >= mail.next_attempt_at:
                raise
            log.warning("PostgreSQL is away; outbox mail %s is marked when it is back.", mail.pk)
            connection.close()
            time.sleep(0.2)
        else:
            return
