"""Mail that was taken and came back, as GOV.UK Notify tells."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from recommendations.digests import refusals
from recommendations.models import MailChoice, OutboxMail

if TYPE_CHECKING:
    from recommendations.digests.notify import Access

ASKED_ABOUT = timedelta(days=4)  # it tries for three
PERMANENT = "permanent-failure"
State = OutboxMail.State


def ask_notify(*, at: datetime) -> int:
    """Mark what could not be delivered as bounced; how many. Twice: the same."""
    if settings.NOTIFY is None:
        return 0
    from recommendations.digests.notify import failures

    told = dict(failures(settings.NOTIFY, since=at - ASKED_ABOUT))
    mails = list(OutboxMail.objects.filter(provider_id__in=told, state=State.SENT))
    bounced = 0
    for mail in mails:
        why = told[mail.provider_id]
        words = f"GOV.UK Notify: {why.replace('-', ' ')}"
        bounced += refusals.bounce(mail, words, for_good=why == PERMANENT, at=at)
    _forget_delivered(settings.NOTIFY, since=at - ASKED_ABOUT)
    return bounced


def _forget_delivered(access: "Access", *, since: datetime) -> None:
    """Ask of the few addresses that have refused mail whether they took the last one."""
    from recommendations.digests.notify import is_delivered

    counted = MailChoice.objects.filter(refusals__gt=0).values("reader")
    sent = OutboxMail.objects.filter(reader__in=counted, state=State.SENT, sent_at__gte=since)
    for mail in sent.exclude(provider_id="").order_by("reader_id", "-pk").distinct("reader_id"):
        if is_delivered(access, mail.provider_id):
            refusals.forget([(mail.reader_id, mail.address)])
