"""Waiting mail that is not to be sent: parked, held, given up, or made for what somebody was.

Asked before each run of a sender. Each is one UPDATE of rows that nobody holds.
"""

import logging
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from forces.models import User
from recommendations.emails.digests.week import Week
from recommendations.models import Digest, DigestWeek, OutboxMail
from recommendations.readers import reasons_against
from recommendations.rules import london_day

log = logging.getLogger(__name__)

State = OutboxMail.State
KEPT = timedelta(days=3)  # after its first try, what could not be delivered is given up
MOST_CRASHES = 5  # so many senders may die of one mail

OVER = "Its week was over before it could be sent."


def give_up(*, at: datetime) -> int:
    """Hold what was in hand when its week was held, end what is not to be sent; how many ended.

    What goes on waiting goes to the address that its reader has now.
    """
    free = OutboxMail.objects.free(at=at).filter(next_attempt_at__lte=at)
    _of_held_weeks(free).update(state=State.HELD, claimed_at=None)
    ended = _park(free)
    for words, those in reasons_against(free):
        ended += those.update(state=State.EXPIRED, claimed_at=None, last_error=words)
    ended += free.filter(first_tried_at__lt=at - KEPT).update(state=State.EXPIRED, claimed_at=None)
    over = free.filter(digest__in=_before(Week.of(london_day(at))))
    ended += over.update(state=State.EXPIRED, claimed_at=None, last_error=OVER)
    present = User.objects.filter(pk=OuterRef("reader"))
    moved = free.exclude(Exists(present.filter(email=OuterRef("address"))))
    moved.update(address=Subquery(present.values("email")))
    return ended


def _park(free: QuerySet[OutboxMail]) -> int:
    deadly = free.filter(claimed_at__isnull=False, crashes__gte=MOST_CRASHES - 1)
    words = "Each worker that tried to send it ended without a word."
    parked = deadly.update(state=State.PARKED, last_error=words)
    if parked:
        log.error("%s mails were parked: senders die of them.", parked)
    return parked


def _of_held_weeks(mails: QuerySet[OutboxMail]) -> QuerySet[OutboxMail]:
    week = {"iso_year": OuterRef("iso_year"), "iso_week": OuterRef("iso_week")}
    held = DigestWeek.objects.filter(held_at__isnull=False, **week)
    return mails.filter(digest__in=Digest.objects.filter(Exists(held)))


def _before(week: Week) -> QuerySet[Digest]:
    earlier = Q(iso_year=week.year, iso_week__lt=week.number)
    return Digest.objects.filter(Q(iso_year__lt=week.year) | earlier)
