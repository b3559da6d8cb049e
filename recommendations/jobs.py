"""The jobs, as functions that a task, a command and a test call alike (design, section 8).

Each takes the time as an argument, can be run twice or killed anywhere, and returns one line that
says what it did.
"""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format

from recommendations import wording
from recommendations.actions.change import lock
from recommendations.emails.alerts import alerts
from recommendations.emails.digests.ledger import make_digests
from recommendations.emails.digests.national_digest import Trend
from recommendations.emails.digests.week import Week
from recommendations.emails.outbox.delivery_reports import ask_notify
from recommendations.emails.outbox.sending import LONGEST, send_waiting
from recommendations.exports.email_chart import trend_picture
from recommendations.job_log import runs
from recommendations.models import Assignment, Inspection, Snapshot
from recommendations.positions.flag_episodes import Settled, settle
from recommendations.retention.job import keep_retention
from recommendations.rules import CLOSED

log = logging.getLogger(__name__)

LONGEST_BY_HAND = timedelta(minutes=20)
SLICE = 1_000  # assignments settled in one transaction


def flag_overdue(*, on: date) -> str:
    """Raise and end flag episodes up to the London day `on`, missed nights included.

    In slices, each in a transaction of its own: nobody waits for the whole country, and a job that
    is killed half-way has done half of it. Locks by key, as every action does: no deadlock.
    """
    settled = Settled()
    last = 0
    while keys := list(_after(last).values_list("pk", flat=True)[:SLICE]):
        last = keys[-1]
        these = Assignment.objects.filter(pk__in=keys)
        with transaction.atomic():
            lock(keys)
            settled += settle(these, on=on)
    return f"Flags on {date_format(on)}: {settled.raised} raised, {settled.cleared} cleared."


def _after(key: int) -> QuerySet[Assignment]:
    """Assignments that can have a flag, raise one or end one: open ones, and claims that wait."""
    return Assignment.objects.exclude(status__in=CLOSED).filter(pk__gt=key).order_by("pk")


def send_due_digests(*, at: datetime, week: Week | None = None) -> str:
    """Make the digests of the week that is due (or of `week`), and send what waits."""
    return f"{make_due_digests(at=at, week=week)} {send_mail(longest=LONGEST_BY_HAND)}"


def make_due_digests(*, at: datetime, week: Week | None = None) -> str:
    """Make them only: rows, contents and outbox."""
    due = week or Week.due(at=at)
    made = make_digests(week=due, at=at, draw=lambda: trend(at=at)) if due else 0
    return f"Digests of {due or 'no week, none is due'}: {made} made."


def trend(*, at: datetime) -> Trend | None:
    """The digest's drawing. A digest without it is better than none."""
    inspection = Inspection.objects.current()
    if inspection is None:
        return None
    try:
        return trend_picture(inspection, at=at)
    except Exception:
        log.exception("The digest goes without its drawing.")
        return None


def send_mail(*, longest: timedelta = LONGEST, go_on: Callable[[], object] = lambda: None) -> str:
    """Send what waits in the outbox, whatever it is; `go_on` where there was no time for all."""
    sent = send_waiting(longest=longest)
    if sent.is_cut:
        go_on()
    return f"Emails: {sent}."


def tell_at_once(*, at: datetime, go_on: Callable[[], object] = lambda: None) -> str:
    """Make mails of the news that do not wait for Monday, and send what waits."""
    made = alerts.tell_at_once(at=at)
    return f"News at once: {wording.count(made, 'email')} made. {send_mail(go_on=go_on)}"


def ask_about_mail(*, at: datetime) -> str:
    """Ask GOV.UK Notify, where emails leave by it, what it could not deliver."""
    return f"Emails that bounced: {ask_notify(at=at)}."


def find_lost_runs(*, at: datetime) -> str:
    """Tell of runs whose workers were never heard again."""
    return f"Lost runs: {runs.tell_lost(at=at)}."


def keep_house(*, at: datetime) -> str:
    """Let go what the retention rules no longer keep, and snapshots of old inspections."""
    gone = [f"{rule.what} ({count:,})" for rule, count in keep_retention(at=at) if count]
    current = Inspection.objects.current()
    snapshots, _ = Snapshot.objects.exclude(inspection=current).delete()
    return (
        f"Housekeeping: {'; '.join(gone) or 'nothing was old enough to go'}. "
        f"{wording.count(snapshots, 'snapshot')} deleted."
    )
