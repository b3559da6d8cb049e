"""Waiting emails follow the reader's present role and preferences, and the holds of weeks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from forces.models import Role
from forces.refusal import Refusal
from recommendations.actions.email_preferences import set_email_preferences
from recommendations.actions.hold_digests import hold_week
from recommendations.actions.resend_digests import resend_digest, resend_week
from recommendations.emails.alerts.alerts import create_alerts
from recommendations.emails.digests.week import Week
from recommendations.emails.outbox import cancellation, leases
from recommendations.emails.outbox.sending import send_waiting
from recommendations.models import OutboxEmail
from recommendations.rules import london_day
from tests.factories import claim, send_back
from tests.smtp_server import SmtpServer
from tests.world import World

WEEK = Week.of(london_day(timezone.now()))
State = OutboxEmail.State


def officer_digest(world: World) -> OutboxEmail:
    return OutboxEmail.objects.get(reader=world.officer, kind="digest")


def change(reader, **values) -> None:
    for name, value in values.items():
        setattr(reader, name, value)
    reader.save()


def moves(world: World) -> None:
    change(world.officer, body=world.forces["Essex"])


def becomes_analyst(world: World) -> None:
    change(world.officer, body=None, role=Role.ANALYST)


def unsubscribes(world: World) -> None:
    by = world.officer
    set_email_preferences(reader=by, weekly="never", at_once=True, by=by, at=world.now)


def leaves(world: World) -> None:
    change(world.officer, is_active=False)


EVENTS = pytest.mark.parametrize("event", [moves, becomes_analyst, unsubscribes, leaves])


def states() -> set[str]:
    return set(OutboxEmail.objects.values_list("state", flat=True))


@EVENTS
def test_an_email_that_is_no_longer_for_its_reader_is_not_sent(queued, smtp, event):
    event(queued)
    assert send_waiting().cancelled == 1
    assert officer_digest(queued).state == State.EXPIRED
    assert queued.officer.email not in smtp.recipients


@EVENTS
def test_an_email_that_is_no_longer_for_its_reader_is_not_resent(queued, event):
    OutboxEmail.objects.update(state=State.REFUSED)
    event(queued)
    with pytest.raises(Refusal):
        resend_digest(digest=officer_digest(queued).digest, by=queued.administrator, at=queued.now)
    week = {"iso_year": WEEK.year, "iso_week": WEEK.number}
    count = resend_week(**week, by=queued.administrator, at=queued.now)
    assert count == OutboxEmail.objects.filter(state=State.REFUSED).count() - 1
    assert not OutboxEmail.objects.filter(reader=queued.officer, state=State.WAITING).exists()


def test_a_waiting_email_is_sent_to_a_corrected_address(queued, smtp: SmtpServer):
    change(queued.officer, email="corrected@example.org")
    send_waiting()
    assert smtp.recipients["corrected@example.org"] == 1


def test_a_waiting_alert_is_not_sent_to_a_reader_who_has_stopped_alerts(queued, smtp):
    update = claim(queued.assignment("Kent", 3), at=queued.now, by=queued.officer)
    send_back(update, at=queued.now, by=queued.analyst)
    create_alerts(at=queued.now)
    OutboxEmail.objects.filter(kind="digest").delete()
    by = queued.officer
    set_email_preferences(reader=by, weekly="always", at_once=False, by=by, at=queued.now)
    send_waiting()
    assert OutboxEmail.objects.get(reader=by).state == State.EXPIRED


def test_an_email_that_was_claimed_when_its_week_was_held_is_held_by_the_next_run(queued):
    at = timezone.now()
    leases.claim(at=at, limit=2)
    hold_week(iso_year=WEEK.year, iso_week=WEEK.number, reason="x", by=queued.administrator, at=at)
    cancellation.cancel_emails(at=at + timedelta(seconds=leases.lease_seconds() + 1))
    assert states() == {State.HELD}
    cancellation.cancel_emails(at=at + timedelta(days=4))
    assert states() == {State.HELD}


def test_an_outage_of_ours_cancels_no_email_before_its_week_ends(queued):
    OutboxEmail.objects.update(next_attempt_at=WEEK.due_at, created_at=WEEK.due_at)
    cancellation.cancel_emails(at=WEEK.due_at + timedelta(days=6))
    assert states() == {State.WAITING}
    assert cancellation.cancel_emails(at=WEEK.after.due_at) == OutboxEmail.objects.count()
    errors = set(OutboxEmail.objects.values_list("last_error", flat=True))
    assert errors == {cancellation.WEEK_OVER}
