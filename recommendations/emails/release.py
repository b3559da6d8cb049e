"""Releases the emails of a restored register (forces/email_hold.py)."""

from datetime import datetime

from django.db import transaction

from forces import audit
from forces.email_hold import emails_are_held, remember_database
from forces.models import AccountEmail, User
from forces.refusal import Refusal
from recommendations import wording
from recommendations.actions.hold_digests import hold_week
from recommendations.emails.alerts.alerts import record_events
from recommendations.emails.digests.week import Week
from recommendations.emails.digests.week_status import find_hold
from recommendations.models import Alert, Inspection, OutboxEmail

State = OutboxEmail.State
_UNFINISHED = [State.WAITING, State.HELD, State.PARKED]
NOT_SENT = "Not sent, because the register was restored from a backup."
HOLD_REASON = "The register was restored from a backup. Release this week if it was not sent."


@transaction.atomic
def release_emails(*, by: User, at: datetime, were_sent: bool) -> str:
    """Let emails be sent again; return a sentence that says what was done with those that wait.

    With `were_sent`, everything up to now counts as sent: waiting emails expire (they can be sent
    again from the Emails page), the digests of the week that is due are put on hold, alerts of
    earlier events are marked as emailed, and account emails are deleted. Without it, all that
    waits is sent. Raises Refusal if emails are not held.
    """
    if not emails_are_held():
        raise Refusal("Emails are not on hold, so there is nothing to release.")
    done = _count_as_sent(by=by, at=at) if were_sent else "Everything that waits will be sent."
    remember_database(at=at, is_released=True)
    audit.record(at=at, act="emails released after a restore", actor=by, were_sent=were_sent)
    return done


def _count_as_sent(*, by: User, at: datetime) -> str:
    week = Week.due(at=at)
    if week is not None and find_hold(week) is None:
        hold_week(**week.fields, reason=HOLD_REASON, by=by, at=at)
    emails = OutboxEmail.objects.filter(state__in=_UNFINISHED).update(
        state=State.EXPIRED, claimed_at=None, last_error=NOT_SENT
    )
    for inspection in Inspection.objects.in_order():
        record_events(inspection, at=at)
    alerts = Alert.objects.filter(emailed_at=None).update(emailed_at=at)
    account_emails, _ = AccountEmail.objects.all().delete()
    held = f" The digests for the {week.label} are on hold." if week is not None else ""
    return (
        f"Counted as sent: {wording.count(emails, 'email')}, {wording.count(alerts, 'alert')} and "
        f"{wording.count(account_emails, 'account email')}.{held}"
    )
