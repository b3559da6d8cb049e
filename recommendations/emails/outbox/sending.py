"""Sends the emails that wait in the outbox (docs/decisions/0014).

Rows are claimed with SKIP LOCKED under a lease, sent, and marked one by one. If a sender dies,
another one sends its rows after the lease, with the same Message-ID.
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
    Deferred,
    Rejected,
    Transport,
    Unavailable,
    get_transport,
)
from recommendations.models import OutboxEmail

log = logging.getLogger(__name__)

BATCH_SIZE = 50
MAX_RUN = timedelta(seconds=60)  # shorter than a container is given to stop
MIN_LEASE_SECONDS = 10 * settings.EMAIL_TIMEOUT  # that must be left to start an email
MAX_REJECTED_IN_A_ROW = 10  # more of them mean that we are at fault, and the others wait

MARK_SENT = """
UPDATE recommendations_outboxmail
SET state = 'sent', sent_at = %s, provider_id = %s, claimed_at = NULL, last_error = ''
WHERE id = %s AND claimed_at = %s AND state = 'waiting'
"""


@dataclass
class SendResult:
    """What one run did. `has_more`: its time was up before the outbox was empty."""

    sent: int = 0
    rejected: int = 0
    postponed: int = 0
    cancelled: int = 0
    has_more: bool = False

    def __str__(self) -> str:
        counts = f"{self.sent} sent, {self.rejected} rejected, {self.postponed} postponed"
        return counts + (f", {self.cancelled} cancelled" if self.cancelled else "")


def send_waiting(
    *, clock: Callable[[], datetime] = timezone.now, max_run: timedelta = MAX_RUN
) -> SendResult:
    """Send what waits until `max_run` is over, or the server accepts nothing."""
    result = SendResult(cancelled=cancellation.cancel_emails(at=clock()))
    transport = get_transport()
    try:
        _Run(transport, clock, result).send_until(clock() + max_run)
    finally:
        transport.close()
    return result


class _Run:
    """One sender's run; counts in `result`."""

    def __init__(
        self, transport: Transport, clock: Callable[[], datetime], result: SendResult
    ) -> None:
        self._transport = transport
        self._clock = clock
        self._result = result
        self._rejected_in_a_row = 0

    def send_until(self, ends_at: datetime) -> None:
        while self._clock() < ends_at:
            batch = leases.claim(at=self._clock(), limit=BATCH_SIZE)
            if not batch:
                return
            try:
                self._send_batch(batch, ends_at)
            except Unavailable as reason:
                log.warning("No email is accepted: %s", reason)
                return
        self._result.has_more = True

    def _send_batch(self, batch: list[OutboxEmail], ends_at: datetime) -> None:
        """Send as many as there is time for before the end and the lease; release the others."""
        lease_ends = batch[0].next_attempt_at
        enough = min(MIN_LEASE_SECONDS, leases.lease_seconds() / 2)
        accepted = []
        try:
            while batch and (now := self._clock()) < ends_at:
                if (lease_ends - now).total_seconds() < enough:
                    break
                email = batch.pop(0)
                if self._send(email):
                    accepted.append((email.reader_id, email.address))
        finally:
            leases.release(batch)
            if self._transport.proves_address:
                rejections.reset_counts(accepted)

    def _send(self, email: OutboxEmail) -> bool:
        """Send one email and record the outcome; return whether it was accepted."""
        try:
            provider_id = self._transport.send(email)
        except Rejected as reason:
            rejections.reject(email, str(reason), by_address=reason.by_address, at=self._clock())
            self._result.rejected += 1
            self._rejected_in_a_row += 1
            if self._rejected_in_a_row >= MAX_REJECTED_IN_A_ROW:
                count = self._rejected_in_a_row
                raise Unavailable(f"{count} emails in a row were rejected: {reason}") from reason
            return False
        except (Deferred, Unavailable) as reason:
            rejections.postpone(email, str(reason), at=self._clock())
            self._result.postponed += 1
            if isinstance(reason, Unavailable):
                raise
            return False
        _mark_sent(email, provider_id, self._clock)
        self._result.sent += 1
        self._rejected_in_a_row = 0
        return True


def _mark_sent(email: OutboxEmail, provider_id: str, clock: Callable[[], datetime]) -> None:
    """Mark the email as sent, unless another sender has claimed it since.

    A crash between the server's answer and this mark is the window of docs/decisions/0014. While
    PostgreSQL is down this tries again: nobody else can claim the row in the meantime.
    """
    while True:
        try:
            with connection.cursor() as cursor:
                cursor.execute(MARK_SENT, [clock(), provider_id, email.pk, email.claimed_at])
                if not cursor.rowcount:
                    log.warning("Outbox email %s was marked or claimed by another.", email.pk)
        except (OperationalError, InterfaceError):
            log.warning("PostgreSQL is down; outbox email %s is marked when it is back.", email.pk)
            connection.close()
            time.sleep(0.2)
        else:
            return
