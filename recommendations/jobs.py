"""The jobs, as functions that a task, a command and a test can call.

Each takes the time as an argument, can be run twice or killed at any point, and returns a sentence
that says what it did.
"""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format

from forces.accounts.memberships import end_due_memberships
from forces.audit_head import current_head
from forces.email_hold import HELD, emails_are_held
from recommendations import wording
from recommendations.actions.change import lock
from recommendations.emails.alerts.alerts import create_alerts
from recommendations.emails.digests.ledger import create_digests
from recommendations.emails.digests.week import Week
from recommendations.emails.outbox.delivery_reports import fetch_delivery_reports
from recommendations.emails.outbox.sending import MAX_RUN, send_waiting
from recommendations.emails.parts import Trend
from recommendations.exports.email_chart import trend_image
from recommendations.models import Assignment, Inspection
from recommendations.positions.flag_episodes import Settled, settle
from recommendations.retention.job import DeletionStopped, apply_retention
from recommendations.rules import CLOSED

log = logging.getLogger(__name__)

MAX_RUN_BY_HAND = timedelta(minutes=20)
BATCH_SIZE = 1_000  # assignments settled in one transaction


def flag_overdue(*, on: date) -> str:
    """Raise and end flag episodes up to the London day `on`, including nights that were missed.

    One transaction a batch, so that nobody waits for long and a killed job keeps what it has done.
    Locks in the order of keys, as actions do, so that there is no deadlock.
    """
    # Closed assignments have no flags. Claims that wait may have episodes to end.
    assignments = Assignment.objects.exclude(status__in=CLOSED).order_by("pk")
    settled = Settled()
    last = 0
    while keys := list(assignments.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH_SIZE]):
        last = keys[-1]
        with transaction.atomic():
            lock(keys)
            settled += settle(Assignment.objects.filter(pk__in=keys), on=on)
    return f"Flags on {date_format(on)}: {settled.raised} raised, {settled.cleared} cleared."


def end_memberships(*, at: datetime) -> str:
    """End the memberships whose last day has passed; close accounts that have no other."""
    count = end_due_memberships(at=at)
    return f"Memberships ended: {count}."


def send_due_digests(*, at: datetime, week: Week | None = None) -> str:
    """Create the digests of the week that is due (or of `week`), and send the outbox."""
    return f"{create_due_digests(at=at, week=week)} {send_outbox(max_run=MAX_RUN_BY_HAND)}"


def create_due_digests(*, at: datetime, week: Week | None = None) -> str:
    """Create the digests of the week that is due (or of `week`) without sending them."""
    if emails_are_held():
        return HELD
    due = week or Week.due(at=at)
    if due is None:
        return "No digests are due."
    count = create_digests(week=due, at=at, get_trend=lambda: get_trend(at=at))
    return f"Digests for the {due.label}: {count} created."


def get_trend(*, at: datetime) -> Trend | None:
    """Return the first inspection's chart; None if there is none, or an error, which is logged."""
    inspection = Inspection.objects.current()
    if inspection is None:
        return None
    try:
        return trend_image(inspection, at=at)
    except Exception:
        log.exception("The digest is sent without its chart.")
        return None


def send_outbox(
    *, max_run: timedelta = MAX_RUN, queue_next: Callable[[], object] = lambda: None
) -> str:
    """Send what waits in the outbox; call `queue_next` if there was no time for all of it."""
    if emails_are_held():
        return HELD
    result = send_waiting(max_run=max_run)
    if result.has_more:
        queue_next()
    return f"Emails: {result}."


def send_alerts(*, at: datetime, queue_next: Callable[[], object] = lambda: None) -> str:
    """Create the instant alerts that are due, and send the outbox."""
    if emails_are_held():
        return HELD
    count = create_alerts(at=at)
    return f"Alerts: {wording.count(count, 'email')} created. {send_outbox(queue_next=queue_next)}"


def mark_bounced_emails(*, at: datetime) -> str:
    """Fetch from GOV.UK Notify, if emails are sent by it, what it could not deliver."""
    return f"Emails that bounced: {fetch_delivery_reports(at=at)}."


def housekeeping(*, at: datetime) -> str:
    """Delete what the retention rules no longer keep.

    If that is too much, nothing is deleted until an administrator has confirmed it. Also writes the
    head of the audit trail to the log, which is outside the database.
    """
    log.info("%s", current_head().line_at(at))
    try:
        removed = apply_retention(at=at)
    except DeletionStopped as reason:
        return str(reason)
    deleted = [f"{rule.what} ({count:,})" for rule, count in removed if count]
    return f"Deleted: {'; '.join(deleted) or 'nothing was old enough'}."
