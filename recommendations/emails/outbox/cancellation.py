"""Waiting emails that must not be sent: parked, held, too old, or no longer for their reader.

Runs before each run of a sender. Each step is one UPDATE of rows that no sender holds.
"""

import logging
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from forces.models import User
from recommendations.emails.digests.week import Week
from recommendations.models import Digest, DigestWeek, OutboxEmail
from recommendations.readers import reasons_not_to_send
from recommendations.rules import london_day

log = logging.getLogger(__name__)

State = OutboxEmail.State
MAX_RETRY_PERIOD = timedelta(days=3)  # after the first attempt
MAX_CRASHES = 5  # senders that may die while they send one email

WEEK_OVER = "The week ended before it could be sent."
SENDERS_DIED = f"Stopped after {MAX_CRASHES} attempts, because the worker died each time."


def cancel_emails(*, at: datetime) -> int:
    """End waiting emails that must not be sent; return how many.

    Also holds emails of weeks that are held back, and corrects the address of those whose reader
    has another one now.
    """
    free = OutboxEmail.objects.free(at=at).filter(next_attempt_at__lte=at)
    _of_held_weeks(free).update(state=State.HELD, claimed_at=None)
    count = _park(free)
    expired = {"state": State.EXPIRED, "claimed_at": None}
    for reason, emails in reasons_not_to_send(free, on=london_day(at)):
        count += emails.update(last_error=reason, **expired)
    count += free.filter(first_tried_at__lt=at - MAX_RETRY_PERIOD).update(**expired)
    over = free.filter(digest__in=_before(Week.of(london_day(at))))
    count += over.update(last_error=WEEK_OVER, **expired)
    reader = User.objects.filter(pk=OuterRef("reader"))
    moved = free.exclude(Exists(reader.filter(email=OuterRef("address"))))
    moved.update(address=Subquery(reader.values("email")))
    return count


def _park(free: QuerySet[OutboxEmail]) -> int:
    deadly = free.filter(claimed_at__isnull=False, crashes__gte=MAX_CRASHES - 1)
    parked = deadly.update(state=State.PARKED, last_error=SENDERS_DIED)
    if parked:
        log.error("%s emails were parked, because senders die of them.", parked)
    return parked


def _of_held_weeks(emails: QuerySet[OutboxEmail]) -> QuerySet[OutboxEmail]:
    week = {"iso_year": OuterRef("iso_year"), "iso_week": OuterRef("iso_week")}
    held = DigestWeek.objects.filter(held_at__isnull=False, **week)
    return emails.filter(digest__in=Digest.objects.filter(Exists(held)))


def _before(week: Week) -> QuerySet[Digest]:
    earlier = Q(iso_year=week.year, iso_week__lt=week.number)
    return Digest.objects.filter(Q(iso_year__lt=week.year) | earlier)
