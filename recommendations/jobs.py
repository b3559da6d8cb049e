"""The jobs, as functions that a task, a command and a test call alike (design, section 8).

Each takes the time as an argument, can be run twice or killed anywhere, and returns one line that
says what it did.
"""

from datetime import date, datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format

from recommendations.actions.change import lock
from recommendations.digests.ledger import make_digests
from recommendations.digests.outbox import send_waiting
from recommendations.digests.week import Week
from recommendations.evidence import storage
from recommendations.exports import making
from recommendations.flags import Settled, settle
from recommendations.models import Assignment, Evidence, Inspection, Snapshot
from recommendations.rules import CLOSED

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
    due = week or Week.due(at=at)
    made = make_digests(week=due, at=at) if due else 0
    sent = send_waiting()
    return (
        f"Digests of {due or 'no week, none is due'}: {made} made. "
        f"Mail: {sent.sent} sent, {sent.refused} refused, {sent.postponed} postponed."
    )


def keep_house(*, at: datetime) -> str:
    """Delete sessions that ran out, snapshots of old inspections, old downloads, stray files."""
    sessions, _ = Session.objects.filter(expire_date__lt=at).delete()
    current = Inspection.objects.current()
    snapshots, _ = Snapshot.objects.exclude(inspection=current).delete()
    files = _forget_stray_files(at=at)
    downloads = making.forget_old(at=at)
    return (
        f"Housekeeping: {sessions} sessions, {snapshots} snapshots, {downloads} downloads and "
        f"{files} stray files deleted."
    )


def _forget_stray_files(*, at: datetime) -> int:
    """Evidence files that no row names, a day after they were written: a killed upload's."""
    old = set(storage.kept_before(at - timedelta(days=1)))
    stray = old - set(Evidence.objects.filter(key__in=old).values_list("key", flat=True))
    storage.forget_all(stray)
    return len(stray)
