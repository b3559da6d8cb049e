"""Claims rows of the outbox under a lease, and releases them.

A claim is identified by its `claimed_at`: a sender that was paused past its lease changes no row
that another sender has claimed since.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from recommendations.models import EmailContent, OutboxEmail

CLAIM = """
WITH picked AS MATERIALIZED (
    SELECT id, next_attempt_at AS was_due_at FROM recommendations_outboxmail m
    WHERE state = 'waiting' AND next_attempt_at <= %(at)s
      AND (claimed_at IS NULL OR %(takes_expired)s)
      AND NOT EXISTS (
          SELECT FROM recommendations_digest d
          JOIN recommendations_digestweek w USING (iso_year, iso_week)
          WHERE d.id = m.digest_id AND w.held_at IS NOT NULL
      )
    ORDER BY next_attempt_at, id
    LIMIT %(limit)s
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

RELEASE = """
UPDATE recommendations_outboxmail m
SET attempts = attempts - 1, claimed_at = NULL, next_attempt_at = mine.was_due_at
FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS mine (id, claimed_at, was_due_at)
WHERE m.id = mine.id AND m.claimed_at = mine.claimed_at AND m.state = 'waiting'
"""


def lease_seconds() -> float:
    """Return for how long a sender holds the rows that it has claimed."""
    return float(settings.MAIL_LEASE)


def claim(*, at: datetime, limit: int) -> list[OutboxEmail]:
    """Claim the rows that have waited longest for the caller, who sends them.

    A row whose last sender died is claimed alone, and only if nothing else waits: if it kills its
    senders, no other row is affected.
    """
    until = at + timedelta(seconds=lease_seconds())
    values = {"at": at, "until": until, "limit": limit, "takes_expired": False}
    rows = list(OutboxEmail.objects.raw(CLAIM, values))
    if not rows:
        rows = list(OutboxEmail.objects.raw(CLAIM, values | {"limit": 1, "takes_expired": True}))
    contents = EmailContent.objects.in_bulk({email.content_id for email in rows})
    for email in rows:
        email.content = contents[email.content_id]
    return sorted(rows, key=lambda email: email.pk)


def release(rows: list[OutboxEmail]) -> None:
    """Undo the claim of rows that were not tried."""
    if not rows:
        return
    columns = zip(*((email.pk, email.claimed_at, email.was_due_at) for email in rows), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(RELEASE, [list(column) for column in columns])
