"""Emails that GOV.UK Notify accepted and could not deliver."""

from datetime import datetime, timedelta

from django.conf import settings

from recommendations.emails.outbox import rejections
from recommendations.emails.transports.notify import NotifySettings, is_delivered, list_failures
from recommendations.models import EmailPreference, OutboxEmail

MAX_AGE = timedelta(days=4)  # GOV.UK Notify tries to deliver for three days
PERMANENT = "permanent-failure"
State = OutboxEmail.State


def fetch_delivery_reports(*, at: datetime) -> int:
    """Mark emails that could not be delivered as bounced; return how many are newly marked."""
    if settings.NOTIFY is None:
        return 0
    since = at - MAX_AGE
    statuses = dict(list_failures(settings.NOTIFY, since=since))
    bounced = 0
    for email in OutboxEmail.objects.filter(provider_id__in=statuses, state=State.SENT):
        status = statuses[email.provider_id]
        answer = f"GOV.UK Notify: {status.replace('-', ' ')}"
        is_permanent = status == PERMANENT
        bounced += rejections.bounce(email, answer, is_permanent=is_permanent, at=at)
    _reset_delivered(settings.NOTIFY, since=since)
    return bounced


def _reset_delivered(notify: NotifySettings, *, since: datetime) -> None:
    """Look up whether the few addresses that have rejected emails accepted the last one."""
    counted = EmailPreference.objects.filter(rejections__gt=0).values("reader")
    sent = OutboxEmail.objects.filter(reader__in=counted, state=State.SENT, sent_at__gte=since)
    for email in sent.exclude(provider_id="").order_by("reader_id", "-pk").distinct("reader_id"):
        if is_delivered(notify, email.provider_id):
            rejections.reset_counts([(email.reader_id, email.address)])
