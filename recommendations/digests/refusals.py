"""What becomes of a mail that was not taken, and of an address that refuses for good."""

import logging
import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from recommendations.models import MailChoice, OutboxMail
from recommendations.models.mail_choice import NOTHING_REFUSED

log = logging.getLogger(__name__)

State = OutboxMail.State
LONGEST_PAUSE = timedelta(hours=6)
BOUNCING_AFTER = 3  # permanent refusals in a row
LONGEST_WORDS = 300


def postpone(mail: OutboxMail, words: str, *, at: datetime) -> None:
    """Try again after a pause that doubles, with some jitter so that not all come at once."""
    first = timedelta(seconds=settings.MAIL_FIRST_PAUSE)
    pause = min(first * 2 ** min(mail.attempts - 1, 10), LONGEST_PAUSE)
    OutboxMail.objects.filter(pk=mail.pk).update(
        claimed_at=None,
        next_attempt_at=at + pause * random.uniform(0.9, 1.1),  # noqa: S311  # nosec B311 # jitter
        last_error=words[:LONGEST_WORDS],
    )
    log.info("Outbox mail %s was not taken; it is tried again later.", mail.pk)


@transaction.atomic
def refuse(mail: OutboxMail, words: str, *, at: datetime, state: str = State.REFUSED) -> None:
    """End this mail, and count against its address: after three in a row, no more is made for it.

    `state` is BOUNCED where the refusal came after the mail was taken.
    """
    words = words[:LONGEST_WORDS]
    OutboxMail.objects.filter(pk=mail.pk).update(state=state, claimed_at=None, last_error=words)
    choice, _ = MailChoice.objects.select_for_update().get_or_create(reader_id=mail.reader_id)
    same = choice.refused_address == mail.address
    choice.refusals = choice.refusals + 1 if same else 1
    choice.refused_address, choice.last_refusal = mail.address, words
    if not same:
        choice.bouncing_since = None
    if choice.refusals >= BOUNCING_AFTER:
        choice.bouncing_since = choice.bouncing_since or at
    choice.save()
    log.warning("Outbox mail %s was refused for good.", mail.pk)


def forget(delivered: Iterable[OutboxMail]) -> None:
    """An address that takes mail again begins anew."""
    readers = [mail.reader_id for mail in delivered]
    taken = MailChoice.objects.filter(reader__in=readers, refusals__gt=0)
    taken.filter(refused_address=F("reader__email")).update(**NOTHING_REFUSED)
