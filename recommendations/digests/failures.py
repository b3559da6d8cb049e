"""Mail that was taken and came back, as GOV.UK Notify tells."""

from datetime import datetime, timedelta

from django.conf import settings

from recommendations.digests import refusals
from recommendations.models import OutboxMail

ASKED_ABOUT = timedelta(days=4)  # it tries for three
PERMANENT = "permanent-failure"


def ask_notify(*, at: datetime) -> int:
    """Mark what could not be delivered as bounced; how many. Twice: the same."""
    if settings.NOTIFY is None:
        return 0
    from recommendations.digests.notify import failures

    told = dict(failures(settings.NOTIFY, since=at - ASKED_ABOUT))
    sent = OutboxMail.objects.filter(provider_id__in=told, state=OutboxMail.State.SENT)
    mails = list(sent)
    for mail in mails:
        why = told[mail.provider_id]
        if why == PERMANENT:
            refusals.refuse(mail, _words(why), at=at, state=OutboxMail.State.BOUNCED)
        else:
            OutboxMail.objects.filter(pk=mail.pk).update(
                state=OutboxMail.State.BOUNCED, last_error=_words(why)
            )
    return len(mails)


def _words(why: str) -> str:
    return f"GOV.UK Notify: {why.replace('-', ' ')}"
