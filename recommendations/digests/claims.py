"""Taking rows of the outbox under a lease, giving them back, and giving them up."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from recommendations.models import OutboxMail

log = logging.getLogger(__name__)

State = OutboxMail.State
KEPT = timedelta(days=3)  # what could not be delivered by then is given up
MOST_CRASHES = 5  # so many senders may die of one mail

CLAIM = """
UPDATE recommendations_outboxmail
SET attempts = attempts + 1,
    crashes = crashes + (claimed_at IS NOT NULL)::int,
    claimed_at = %(at)s,
    next_attempt_at = %(until)s
WHERE id IN (
    SELECT id FROM recommendations_outboxmail m
    WHERE state = 'waiting' AND next_attempt_at <= %(at)s AND (claimed_at IS NULL OR %(alone)s)
      AND NOT EXISTS (
          SELECT FROM recommendations_digest d
          JOIN recommendations_digestweek w USING (iso_year, iso_week)
          WHERE d.id = m.digest_id AND w.held_at IS NOT NULL
      )
    ORDER BY next_attempt_at, id
    LIMIT %(most)s
    FOR UPDATE SKIP LOCKED
)
RETURNING *
"""


def lease() -> float:
    """For how many seconds a sender holds what it has claimed."""
    return float(settings.MAIL_LEASE)


def claim(*, at: datetime, most: int) -> list[OutboxMail]:
    """The rows that have waited longest, to be sent by the caller; none where nothing waits.

    A row whose sender died comes alone: if it kills its senders, it takes no other with it.
    """
    until = at + timedelta(seconds=lease())
    values = {"at": at, "until": until, "most": most, "alone": False}
    rows = list(OutboxMail.objects.raw(CLAIM, values))
    if not rows:
        rows = list(OutboxMail.objects.raw(CLAIM, values | {"most": 1, "alone": True}))
    rows.sort(key=lambda mail: mail.pk)
    return with_contents(rows)


def with_contents(rows: list[OutboxMail]) -> list[OutboxMail]:
    """In one query, each content once."""
    from recommendations.models import MailContent

    contents = MailContent.objects.in_bulk({mail.content_id for mail in rows})
    for mail in rows:
        mail.content = contents[mail.content_id]
    return rows


def give_back(rows: list[OutboxMail], *, at: datetime) -> None:
    """What was claimed and not tried keeps its place."""
    mine = OutboxMail.objects.filter(pk__in=[mail.pk for mail in rows], state=State.WAITING)
    mine.update(claimed_at=None, next_attempt_at=at)


def give_up(*, at: datetime) -> int:
    """Park what kills its senders; end what is three days old, or whose reader has left."""
    free = OutboxMail.objects.filter(state=State.WAITING, next_attempt_at__lte=at)
    deadly = free.filter(claimed_at__isnull=False, crashes__gte=MOST_CRASHES - 1)
    parked = deadly.update(
        state=State.PARKED, last_error="Each worker that tried to send it ended without a word."
    )
    if parked:
        log.error("%s mails were parked: senders die of them.", parked)
    left = free.filter(reader__is_active=False).update(
        state=State.EXPIRED, last_error="The reader's account was closed."
    )
    old = free.filter(Q(created_at__lt=at - KEPT)).update(state=State.EXPIRED)
    return parked + left + old
