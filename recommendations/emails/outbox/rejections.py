"""Records that an email was not accepted, and stops emails to an address that rejects them."""

import logging
import random
import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from forces.models import User
from recommendations.models import EmailPreference, OutboxEmail
from recommendations.models.email_preference import NO_REJECTIONS

log = logging.getLogger(__name__)

State = OutboxEmail.State
MAX_PAUSE = timedelta(hours=6)
MAX_RETURN_TIME = timedelta(days=5)  # for which email servers try before they return an email
BOUNCING_AFTER = 3  # rejections in a row
MAX_ANSWER_LENGTH = 300  # characters
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def postpone(email: OutboxEmail, answer: str, *, at: datetime) -> None:
    """Try again after a pause that doubles, with some jitter to spread the attempts."""
    first = timedelta(seconds=settings.MAIL_FIRST_PAUSE)
    pause = min(first * 2 ** min(email.attempts - 1, 10), MAX_PAUSE)
    _claimed(email).update(
        claimed_at=None,
        next_attempt_at=at + pause * random.uniform(0.9, 1.1),  # noqa: S311  # nosec B311 # jitter
        first_tried_at=Coalesce("first_tried_at", at),
        last_error=_clean(answer),
    )
    log.info("Outbox email %s was not accepted. It will be tried again.", email.pk)


@transaction.atomic
def reject(email: OutboxEmail, answer: str, *, by_address: bool, at: datetime) -> None:
    """Stop sending this email. Count the rejection where it is about the address."""
    ended = _claimed(email).update(state=State.REFUSED, claimed_at=None, last_error=_clean(answer))
    if ended and by_address:
        _count(email.reader_id, email.address, answer, at=at)
    log.warning("Outbox email %s was rejected.", email.pk)


@transaction.atomic
def bounce(email: OutboxEmail, answer: str, *, is_permanent: bool, at: datetime) -> bool:
    """Record that an accepted email was not delivered; return whether that is new."""
    sent = OutboxEmail.objects.filter(pk=email.pk, state=State.SENT)
    is_new = bool(sent.update(state=State.BOUNCED, last_error=_clean(answer)))
    if is_new and is_permanent and User.objects.filter(pk=email.reader_id, email=email.address):
        _count(email.reader_id, email.address, answer, at=at)
    return is_new


@transaction.atomic
def count_account_email(person: User, email_id: int, answer: str, *, at: datetime) -> None:
    """Count that an account email to the person's address was returned; twice is once."""
    choice = _lock(person.pk)
    if email_id > choice.last_returned_account_email:
        EmailPreference.objects.filter(pk=choice.pk).update(last_returned_account_email=email_id)
        _count(person.pk, person.email, answer, at=at)


def reset_old_counts(*, at: datetime) -> None:
    """Reset the count of addresses whose last email was not returned for days.

    This is how an address proves that it works where delivery failures are read from a mailbox.
    """
    emails = OutboxEmail.objects.filter(
        reader=OuterRef("reader"), address=OuterRef("rejected_address"), sent_at__isnull=False
    )
    last = emails.order_by("-sent_at", "-pk")
    counted = EmailPreference.objects.filter(
        rejections__gt=0, bouncing_since=None, rejected_address=F("reader__email")
    ).annotate(
        last_state=Subquery(last.values("state")[:1]),
        last_sent_at=Subquery(last.values("sent_at")[:1]),
    )
    accepting = counted.filter(
        Q(rejected_since=None) | Q(rejected_since__lt=F("last_sent_at")),
        last_state=State.SENT,
        last_sent_at__lt=at - MAX_RETURN_TIME,
    )
    reset_counts(accepting.values_list("reader_id", "rejected_address"))


@transaction.atomic
def reset_counts(addresses: Iterable[tuple[int, str]]) -> None:
    """Reset the count of each (reader, address) that accepts emails again; at most two queries."""
    by_reader = dict(addresses)
    counted = EmailPreference.objects.filter(reader__in=by_reader, rejections__gt=0)
    locked = counted.order_by("reader_id").select_for_update()
    same = [row.pk for row in locked if row.rejected_address == by_reader[row.reader_id]]
    EmailPreference.objects.filter(pk__in=same).update(**NO_REJECTIONS)


def _claimed(email: OutboxEmail) -> QuerySet[OutboxEmail]:
    """The row, if no other sender has claimed it since."""
    return OutboxEmail.objects.filter(pk=email.pk, claimed_at=email.claimed_at, state=State.WAITING)


def _count(reader_id: int, address: str, answer: str, *, at: datetime) -> None:
    """After three rejections in a row no more emails are created for the address."""
    choice = _lock(reader_id)
    is_same = choice.rejected_address == address
    choice.rejections = choice.rejections + 1 if is_same else 1
    choice.rejected_address, choice.last_rejection = address, _clean(answer)
    if not is_same:
        choice.bouncing_since = choice.rejected_since = None
    choice.rejected_since = choice.rejected_since or at
    if choice.rejections >= BOUNCING_AFTER:
        choice.bouncing_since = choice.bouncing_since or at
    choice.save()


def _lock(reader_id: int) -> EmailPreference:
    choice, _ = EmailPreference.objects.select_for_update().get_or_create(reader_id=reader_id)
    return choice


def _clean(answer: str) -> str:
    return _CONTROL.sub(" ", answer)[:MAX_ANSWER_LENGTH]
