"""Sends what waits in the outbox (design, section 8; docs/decisions/0014).

Rows are claimed with SKIP LOCKED under a lease, sent, and marked one by one. What a sender that
died had claimed is sent by another one after the lease, with the same Message-ID.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from recommendations.emails.outbox import cancellation, leases, rejections
from recommendations.emails.transports.base import (
    Later,
    Rejected,
    Transport,
    Unavailable,
    get_transport,
)
from recommendations.models import OutboxMail

log = logging.getLogger(__name__)

BATCH_SIZE = 50
LONGEST = timedelta(seconds=60)  # shorter than a container is given to stop
CONVERSATION = 10 * settings.EMAIL_TIMEOUT  # seconds of lease below which no email is begun
MAX_REJECTED_IN_A_ROW = 10  # then it is rather our fault than theirs, and the others wait

MARK_SENT = """
UPDATE recommendations_outboxmail
SET state = 'sent', sent_at = %s, provider_id = %s, claimed_at = NULL, last_error = ''
WHERE id = %s AND claimed_at = %s AND state = 'waiting'
"""


@dataclass
class Sent:
    """What one run did. `is_cut`: its time was up before the outbox was empty."""

    sent: int = 0
    rejected: int = 0
    postponed: int = 0
    given_up: int = 0
    is_cut: bool = False

    def __str__(self) -> str:
        counts = f"{self.sent} sent, {self.rejected} rejected, {self.postponed} postponed"
        return counts + (f", {self.given_up} given up" if self.given_up else "")


def send_waiting(
    *, clock: Callable[[], datetime] = timezone.now, longest: timedelta = LONGEST
) -> Sent:
    """Send what waits, for so long at most; stop early where no email is accepted."""
    done = Sent(given_up=cancellation.give_up(at=clock()))
    transport = get_transport()
    try:
        _Run(transport, clock, done).send_until(clock() + longest)
    finally:
        transport.close()
    return done


class _Run:
    """One sender's run; counts in `done` what it did."""

    def __init__(self, transport: Transport, clock: Callable[[], datetime], done: Sent) -> None:
        self._transport = transport
        self._clock = clock
        self._done = done
        self._rejected_in_a_row = 0

    def send_until(self, ends_at: datetime) -> None:
        while self._clock() < ends_at:
            batch = leases.claim(at=self._clock(), most=BATCH_SIZE)
            if not batch:
                return
            try:
                self._send_batch(batch, ends_at)
            except Unavailable as reason:
                log.warning("No email is accepted: %s", reason)
                return
        self._done.is_cut = True

    def _send_batch(self, batch: list[OutboxMail], ends_at: datetime) -> None:
        """Send as many as there is time for before the end and the lease; release the others."""
        lease_ends = batch[0].next_attempt_at
        enough = min(CONVERSATION, leases.lease() / 2)
        delivered = []
        try:
            while batch and (now := self._clock()) < ends_at:
                if (lease_ends - now).total_seconds() < enough:
                    break
                mail = batch.pop(0)
                if self._send(mail):
                    delivered.append((mail.reader_id, mail.address))
        finally:
            leases.give_back(batch)
            if self._transport.proves_address:
                rejections.forget(delivered)

    def _send(self, mail: OutboxMail) -> bool:
        """Send one email and record what became of it; return whether it was accepted."""
        try:
            provider_id = self._transport.send(mail)
        except Rejected as reason:
            rejections.reject(mail, str(reason), by_address=reason.by_address, at=self._clock())
            self._done.rejected += 1
            self._rejected_in_a_row += 1
            if self._rejected_in_a_row >= MAX_REJECTED_IN_A_ROW:
                count = self._rejected_in_a_row
                raise Unavailable(f"{count} emails in a row were rejected: {reason}") from reason
            return False
        except (Later, Unavailable) as reason:
            rejections.postpone(mail, str(reason), at=self._clock())
            self._done.postponed += 1
            if isinstance(reason, Unavailable):
                raise
            return False
        _mark_sent(mail, provider_id, self._clock)
        self._done.sent += 1
        self._rejected_in_a_row = 0
        return True


def _mark_sent(mail: OutboxMail, provider_id: str, clock: Callable[[], datetime]) -> None:
    """Between the server's answer and the end of this lies the window of docs/decisions/0014.

    While PostgreSQL is down it is tried again: nobody else can claim the row in the meantime. Where
    another sender has claimed it by then, the row is that sender's.
    """
    while True:
        try:
            with connection.cursor() as cursor:
                cursor.execute(MARK_SENT, [clock(), provider_id, mail.pk, mail.claimed_at])
                if not cursor.rowcount:
                    log.warning("Outbox email %s was marked before, or claimed anew.", mail.pk)
        except (OperationalError, InterfaceError):
            log.warning("PostgreSQL is down; outbox email %s is marked when it is back.", mail.pk)
            connection.close()
            time.sleep(0.2)
        else:
            return
