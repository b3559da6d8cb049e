"""Digests of a week that is held back are neither created nor sent."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from recommendations import jobs
from recommendations.actions.hold_digests import hold_week, release_week
from recommendations.emails.digests.ledger import create_digests
from recommendations.emails.digests.week import Week
from recommendations.emails.outbox import leases
from recommendations.emails.outbox.sending import send_waiting
from recommendations.models import DigestWeek, OutboxEmail
from recommendations.rules import london_day
from tests.factories import UserFactory
from tests.recommendations.emails.examples import READERS
from tests.smtp_server import SmtpServer
from tests.world import World, make_world

WEEK = Week.of(london_day(timezone.now()))


def hold(world: World) -> int:
    return hold_week(
        iso_year=WEEK.year,
        iso_week=WEEK.number,
        reason="Figures are being corrected",
        by=world.administrator,
        at=world.now,
    )


def release(world: World, *, days: int = 0) -> int:
    at = WEEK.due_at + timedelta(days=days)
    return release_week(iso_year=WEEK.year, iso_week=WEEK.number, by=world.administrator, at=at)


def test_a_held_week_is_neither_created_nor_sent(world, smtp: SmtpServer):
    create_digests(week=WEEK, at=WEEK.due_at)
    assert hold(world) == READERS
    assert jobs.send_outbox() == "Emails: 0 sent, 0 rejected, 0 postponed."
    UserFactory()
    assert create_digests(week=WEEK, at=world.now) == 0
    assert DigestWeek.objects.get().reason == "Figures are being corrected"


def test_an_email_whose_sender_died_is_held_as_well(world, smtp):
    create_digests(week=WEEK, at=WEEK.due_at)
    leases.claim(at=timezone.now(), limit=2)
    assert hold(world) == READERS - 2
    later = timezone.now() + timedelta(hours=1)
    assert send_waiting(clock=lambda: later).sent == 0
    assert set(OutboxEmail.objects.values_list("state", flat=True)) == {"held"}
    assert release(world, days=1) == READERS
    OutboxEmail.objects.update(next_attempt_at=later)
    assert send_waiting(clock=lambda: later).sent == READERS


def test_no_chart_is_drawn_for_a_held_week(world):
    hold(world)
    calls = []
    assert create_digests(week=WEEK, at=world.now, get_trend=lambda: calls.append(1)) == 0
    assert not calls


def test_a_released_week_is_sent(world, smtp: SmtpServer):
    create_digests(week=WEEK, at=world.now)
    hold(world)
    assert release(world, days=4) == READERS
    OutboxEmail.objects.update(next_attempt_at=timezone.now())
    jobs.send_outbox()
    assert len(smtp.accepted) == READERS


def test_a_week_that_is_over_is_not_sent_late(world):
    create_digests(week=WEEK, at=world.now)
    hold(world)
    assert release(world, days=7) == 0
    assert set(OutboxEmail.objects.values_list("state", flat=True)) == {"expired"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", ["sent", "refused"])
def test_holding_a_week_does_not_undo_what_a_sender_has_just_marked(state):
    """The sender marks its row while the other transaction waits for the row's lock."""
    world = make_world()
    create_digests(week=WEEK, at=world.now)
    email = OutboxEmail.objects.first()

    def hold_and_close() -> None:
        try:
            hold(world)
        finally:
            connection.close()

    holder = threading.Thread(target=hold_and_close)
    with transaction.atomic():
        sent_at = timezone.now() if state == "sent" else None
        OutboxEmail.objects.filter(pk=email.pk).update(state=state, sent_at=sent_at)
        holder.start()
        holder.join(1)
        assert holder.is_alive()
    holder.join(20)
    email.refresh_from_db()
    assert email.state == state
    assert OutboxEmail.objects.filter(state="held").count() == OutboxEmail.objects.count() - 1
