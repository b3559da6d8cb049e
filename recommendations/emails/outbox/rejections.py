"""What becomes of an email that was not accepted, and of an address that rejects every one."""

import logging
import random
import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from recommendations.models import MailChoice, OutboxMail
from recommendations.models.email_preference import NOTHING_REFUSED

log = logging.getLogger(__name__)

State = OutboxMail.State
LONGEST_PAUSE = timedelta(hours=6)
BOUNCING_AFTER = 3  # rejections in a row
MAX_ANSWER_LENGTH = 300  # characters
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def postpone(mail: OutboxMail, answer: str, *, at: datetime) -> None:
    """Try again after a pause that doubles, with some jitter so that not all come at once."""
    first = timedelta(seconds=settings.MAIL_FIRST_PAUSE)
    pause = min(first * 2 ** min(mail.attempts - 1, 10), LONGEST_PAUSE)
    _in_hand(mail).update(
        claimed_at=None,
        next_attempt_at=at + pause * random.uniform(0.9, 1.1),  # noqa: S311  # nosec B311 # jitter
        first_tried_at=Coalesce("first_tried_at", at),
        last_error=_short(answer),
    )
    log.info("Outbox email %s was not accepted; it is tried again later.", mail.pk)


@transaction.atomic
def reject(mail: OutboxMail, answer: str, *, by_address: bool, at: datetime) -> None:
    """Send this email no more. Where the answer is about the address, count it: see `_count`."""
    ended = _in_hand(mail).update(state=State.REFUSED, claimed_at=None, last_error=_short(answer))
    if ended and by_address:
        _count(mail, _short(answer), at=at)
    log.warning("Outbox email %s was rejected.", mail.pk)


@transaction.atomic
def bounce(mail: OutboxMail, answer: str, *, for_good: bool, at: datetime) -> bool:
    """It was accepted and came back. False where that is known already."""
    sent = OutboxMail.objects.filter(pk=mail.pk, state=State.SENT)
    is_new = bool(sent.update(state=State.BOUNCED, last_error=_short(answer)))
    if is_new and for_good:
        _count(mail, _short(answer), at=at)
    return is_new


def forget(addresses: Iterable[tuple[int, str]]) -> None:
    """Reset the count of each (reader, address) that accepts emails again."""
    known = dict(addresses)
    counted = MailChoice.objects.filter(reader__in=known, refusals__gt=0).order_by("reader_id")
    for reader_id in counted.values_list("reader_id", flat=True):
        same = MailChoice.objects.filter(reader=reader_id, refused_address=known[reader_id])
        same.update(**NOTHING_REFUSED)


def _in_hand(mail: OutboxMail) -> QuerySet[OutboxMail]:
    """The row, while the sender's claim is still the last."""
    return OutboxMail.objects.filter(pk=mail.pk, claimed_at=mail.claimed_at, state=State.WAITING)


def _count(mail: OutboxMail, answer: str, *, at: datetime) -> None:
    """After three rejections in a row no more email is made for an address."""
    choice, _ = MailChoice.objects.select_for_update().get_or_create(reader_id=mail.reader_id)
    same = choice.refused_address == mail.address
    choice.refusals = choice.refusals + 1 if same else 1
    choice.refused_address, choice.last_refusal = mail.address, answer
    if not same:
        choice.bouncing_since = None
    if choice.refusals >= BOUNCING_AFTER:
        choice.bouncing_since = choice.bouncing_since or at
    choice.save()


def _short(answer: str) -> str:
    return _CONTROL.sub(" ", answer)[:MAX_ANSWER_LENGTH]
