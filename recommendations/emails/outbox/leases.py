"""Taking rows of the outbox under a lease, and giving them back.

A claim is named by its `claimed_at`: a sender that was paused past its lease writes of no row that
somebody else holds by then.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from recommendations.models import MailContent, OutboxMail

CLAIM = """
WITH picked AS MATERIALIZED (
    SELECT id, next_attempt_at AS was_due_at FROM recommendations_outboxmail m
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
UPDATE recommendations_outboxmail m
SET attempts = attempts + 1,
    crashes = crashes + (claimed_at IS NOT NULL)::int,
    claimed_at = %(at)s,
    next_attempt_at = %(until)s
FROM picked WHERE picked.id = m.id
RETURNING m.*, picked.was_due_at
"""

GIVE_BACK = """
UPDATE recommendations_outboxmail m
SET attempts = attempts - 1, claimed_at = NULL, next_attempt_at = mine.was_due_at
FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS mine (id, claimed_at, was_due_at)
WHERE m.id = mine.id AND m.claimed_at = mine.claimed_at AND m.state = 'waiting'
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
    contents = MailContent.objects.in_bulk({mail.content_id for mail in rows})
    for mail in rows:
        mail.content = contents[mail.content_id]
    return rows


def give_back(rows: list[OutboxMail]) -> None:
    """What was claimed and not tried is as if it had not been claimed."""
    if not rows:
        return
    columns = zip(*((mail.pk, mail.claimed_at, mail.was_due_at) for mail in rows), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(GIVE_BACK, [list(column) for column in columns])
