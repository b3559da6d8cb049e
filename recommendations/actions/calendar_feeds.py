"""Creating and revoking the private addresses of due dates for calendars."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from forces import audit, secret_tokens
from forces.accounts.access import lock_access
from forces.models import Body, CalendarFeed, User


@transaction.atomic
def create_calendar_feed(*, body: Body, by: User, at: datetime) -> str:
    """Create an address and return its secret; revoke the person's earlier one for the body.

    The caller checks that the person may see the body's documents. Raises Refusal if the person has
    other access by now.
    """
    lock_access(by)
    is_replaced = _open_feeds(body, by).update(revoked_at=at) > 0
    secret = secret_tokens.generate()
    feed = CalendarFeed.objects.create(
        person=by, body=body, secret_hash=secret_tokens.hash_secret(secret), created_at=at
    )
    audit.record(
        at=at, act="calendar address made", actor=by, subject=feed, body=body, replaced=is_replaced
    )
    return secret


@transaction.atomic
def revoke_calendar_feed(*, body: Body, by: User, at: datetime) -> bool:
    """Revoke the person's address for the body. False if there was none."""
    feed = _open_feeds(body, by).first()
    if feed is None or not _open_feeds(body, by).update(revoked_at=at):
        return False
    audit.record(at=at, act="calendar address revoked", actor=by, subject=feed, body=body)
    return True


def _open_feeds(body: Body, person: User) -> QuerySet[CalendarFeed]:
    return CalendarFeed.objects.filter(body=body, person=person, revoked_at=None)
