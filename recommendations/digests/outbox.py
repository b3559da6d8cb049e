"""Sending what waits in the outbox (design, section 8; docs/decisions/0008).

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

from recommendations.digests import claims, refusals
from recommendations.digests.transport import Away, Later, Refused, Transport, open_transport
from recommendations.models import OutboxMail

log = logging.getLogger(__name__)

State = OutboxMail.State
BATCH = 50
CONVERSATION = 10 * settings.EMAIL_TIMEOUT  # seconds: longer than handing over one mail can last


MARK = """
UPDATE recommendations_outboxmail
SET state = 'sent', sent_at = %s, provider_id = %s, claimed_at = NULL, last_error = ''
WHERE id = %s
"""


@dataclass
class Sent:
    """What one run did."""

    sent: int = 0
    refused: int = 0
    postponed: int = 0
    given_up: int = 0

    def __add__(self, other: "Sent") -> "Sent":
        return Sent(
            self.sent + other.sent,
            self.refused + other.refused,
            self.postponed + other.postponed,
            self.given_up + other.given_up,
        )

    def __str__(self) -> str:
        words = f"{self.sent} sent, {self.refused} refused, {self.postponed} postponed"
        return words + (f", {self.given_up} given up" if self.given_up else "")


def send_waiting(
    *, clock: Callable[[], datetime] = timezone.now, longest: timedelta = timedelta(minutes=20)
) -> Sent:
    """Send what waits, for so long at most; stop early where nobody takes mail.

    Over MAIL_CONNECTIONS lines at once: while one waits for the mail server's yes, the other waits
    for PostgreSQL's.
    """
    done = Sent(given_up=claims.give_up(at=clock()))
    ends_at = clock() + longest
    if settings.MAIL_CONNECTIONS == 1:
        return done + _send_on_one_line(clock, ends_at)
    with ThreadPoolExecutor(settings.MAIL_CONNECTIONS) as lines:
        at_work = [
            lines.submit(_send_on_a_line_of_its_own, clock, ends_at)
            for _ in range(settings.MAIL_CONNECTIONS)
        ]
    return sum((line.result() for line in at_work), done)


def _send_on_a_line_of_its_own(clock: Callable[[], datetime], ends_at: datetime) -> Sent:
    try:
        return _send_on_one_line(clock, ends_at)
    finally:
        connection.close()  # this thread's


def _send_on_one_line(clock: Callable[[], datetime], ends_at: datetime) -> Sent:
    done = Sent()
    transport = open_transport()
    try:
        while clock() < ends_at:
            batch = claims.claim(at=clock(), most=BATCH)
            if not (batch and _send_batch(batch, transport, clock, done)):
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
    try:
        provider_id = transport.send(mail)
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
    while True:
        try:
            with connection.cursor() as cursor:
                cursor.execute(MARK, [clock(), provider_id, mail.pk])
        except (OperationalError, InterfaceError):
            if clock() >= mail.next_attempt_at:
                raise
            log.warning("PostgreSQL is away; outbox mail %s is marked when it is back.", mail.pk)
            connection.close()
            time.sleep(0.2)
        else:
            return
