"""Sending what waits in the outbox (design, section 8; docs/decisions/0014).

Rows are claimed with SKIP LOCKED under a lease, handed over, and marked one by one. A sender that
dies in between leaves its rows to whoever comes after the lease, with the same Message-ID.
"""

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from recommendations.digests import claims, endings, refusals
from recommendations.digests.transport import Away, Later, Refused, Transport, open_transport
from recommendations.models import OutboxMail

log = logging.getLogger(__name__)

BATCH = 50
LONGEST = timedelta(seconds=60)  # shorter than a container is given to stop
CONVERSATION = 10 * settings.EMAIL_TIMEOUT  # seconds of lease with which no mail is begun any more
MOST_REFUSED = 10  # in a row; then it is rather our fault than theirs, and the others wait

MARK = """
UPDATE recommendations_outboxmail
SET state = 'sent', sent_at = %s, provider_id = %s, claimed_at = NULL, last_error = ''
WHERE id = %s AND claimed_at = %s AND state = 'waiting'
"""


@dataclass
class Sent:
    """What one run did. `is_cut`: its time was up before the outbox was empty."""

    sent: int = 0
    refused: int = 0
    postponed: int = 0
    given_up: int = 0
    is_cut: bool = False

    def __add__(self, other: "Sent") -> "Sent":
        return Sent(
            self.sent + other.sent,
            self.refused + other.refused,
            self.postponed + other.postponed,
            self.given_up + other.given_up,
            self.is_cut or other.is_cut,
        )

    def __str__(self) -> str:
        words = f"{self.sent} sent, {self.refused} refused, {self.postponed} postponed"
        return words + (f", {self.given_up} given up" if self.given_up else "")


def send_waiting(
    *, clock: Callable[[], datetime] = timezone.now, longest: timedelta = LONGEST
) -> Sent:
    """Send what waits, for so long at most; stop early where nobody takes mail.

    Over MAIL_CONNECTIONS lines at once: while one waits for the mail server's yes, the other waits
    for PostgreSQL's.
    """
    done = Sent(given_up=endings.give_up(at=clock()))
    ends_at = clock() + longest
    if settings.MAIL_CONNECTIONS == 1:
        return done + _Line(clock).send_until(ends_at)
    with ThreadPoolExecutor(settings.MAIL_CONNECTIONS) as lines:
        at_work = [
            lines.submit(_send_on_a_line_of_its_own, clock, ends_at)
            for _ in range(settings.MAIL_CONNECTIONS)
        ]
    return sum((line.result() for line in at_work), done)


def _send_on_a_line_of_its_own(clock: Callable[[], datetime], ends_at: datetime) -> Sent:
    try:
        return _Line(clock).send_until(ends_at)
    finally:
        connection.close()  # this thread's


class _Line:
    """One conversation with whoever takes mail."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._done = Sent()
        self._transport: Transport = open_transport()
        self._refused_in_a_row = 0

    def send_until(self, ends_at: datetime) -> Sent:
        try:
            while self._clock() < ends_at:
                batch = claims.claim(at=self._clock(), most=BATCH)
                if not (batch and self._send_batch(batch, ends_at)):
                    return self._done
            self._done.is_cut = True
        finally:
            self._transport.close()
        return self._done

    def _send_batch(self, batch: list[OutboxMail], ends_at: datetime) -> bool:
        """Whether somebody still takes mail. What there is no time for is given back."""
        lease_ends = batch[0].next_attempt_at
        enough = min(CONVERSATION, claims.lease() / 2)
        delivered = []
        try:
            while batch and (now := self._clock()) < ends_at:
                if (lease_ends - now).total_seconds() < enough:
                    break
                mail = batch.pop(0)
                if self._send(mail):
                    delivered.append((mail.reader_id, mail.address))
        except Away as reason:
            log.warning("Nobody takes mail: %s", reason)
            return False
        finally:
            claims.give_back(batch)
            if self._transport.proves_address:
                refusals.forget(delivered)
        return True

    def _send(self, mail: OutboxMail) -> bool:
        """Whether it was taken."""
        try:
            provider_id = self._transport.send(mail)
        except Refused as reason:
            refusals.refuse(mail, str(reason), by_address=reason.by_address, at=self._clock())
            self._done.refused += 1
            self._refused_in_a_row += 1
            if self._refused_in_a_row >= MOST_REFUSED:
                raise Away(f"{MOST_REFUSED} mails in a row were refused: {reason}") from reason
        except (Later, Away) as reason:
            refusals.postpone(mail, str(reason), at=self._clock())
            self._done.postponed += 1
            if isinstance(reason, Away):
                raise
        else:
            _mark_sent(mail, provider_id, self._clock)
            self._done.sent += 1
            self._refused_in_a_row = 0
            return True
        return False


def _mark_sent(mail: OutboxMail, provider_id: str, clock: Callable[[], datetime]) -> None:
    """From the server's yes to the end of this lies the window of docs/decisions/0014.

    While PostgreSQL is away it is asked again: nobody else can claim the row meanwhile. Where
    another sender holds it when it is back, the row is that one's.
    """
    while True:
        try:
            with connection.cursor() as cursor:
                cursor.execute(MARK, [clock(), provider_id, mail.pk, mail.claimed_at])
                if not cursor.rowcount:
                    log.warning("Outbox mail %s was marked before, or claimed anew.", mail.pk)
        except (OperationalError, InterfaceError):
            log.warning("PostgreSQL is away; outbox mail %s is marked when it is back.", mail.pk)
            connection.close()
            time.sleep(0.2)
        else:
            return
