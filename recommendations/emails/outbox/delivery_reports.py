"""Emails that GOV.UK Notify accepted and could not deliver."""

from datetime import datetime, timedelta

from django.conf import settings

from recommendations.emails.outbox import rejections
from recommendations.emails.transports.notify import Access, failures, is_delivered
from recommendations.models import MailChoice, OutboxMail

LOOKED_BACK = timedelta(days=4)  # it tries to deliver for three
PERMANENT = "permanent-failure"
State = OutboxMail.State


def ask_notify(*, at: datetime) -> int:
    """Mark what could not be delivered as bounced; how many. Twice: the same."""
    if settings.NOTIFY is None:
        return 0
    since = at - LOOKED_BACK
    statuses = dict(failures(settings.NOTIFY, since=since))
    bounced = 0
    for mail in OutboxMail.objects.filter(provider_id__in=statuses, state=State.SENT):
        status = statuses[mail.provider_id]
        answer = f"GOV.UK Notify: {status.replace('-', ' ')}"
        bounced += rejections.bounce(mail, answer, for_good=status == PERMANENT, at=at)
    _forget_delivered(settings.NOTIFY, since=since)
    return bounced


def _forget_delivered(access: Access, *, since: datetime) -> None:
    """Look up whether the few addresses that have rejected emails accepted the last one."""
    counted = MailChoice.objects.filter(refusals__gt=0).values("reader")
    sent = OutboxMail.objects.filter(reader__in=counted, state=State.SENT, sent_at__gte=since)
    for mail in sent.exclude(provider_id="").order_by("reader_id", "-pk").distinct("reader_id"):
        if is_delivered(access, mail.provider_id):
            rejections.forget([(mail.reader_id, mail.address)])
