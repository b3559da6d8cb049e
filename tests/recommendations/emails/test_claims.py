"""A claim is the sender's own until its lease ends, and nobody's word counts for another's."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from recommendations.actions.hold_digests import hold_week
from recommendations.emails.digests.ledger import make_digests
from recommendations.emails.digests.week import Week
from recommendations.emails.outbox import cancellation, leases, rejections, sending
from recommendations.models import MailChoice, OutboxMail
from recommendations.rules import london_day
from tests.world import World, make_world

WEEK = Week.of(london_day(timezone.now()))
State = OutboxMail.State


@pytest.fixture
def queued(db) -> World:
    world = make_world()
    make_digests(week=WEEK, at=world.now)
    return world


def lapsed(at):
    return at + timedelta(seconds=leases.lease() + 1)


def test_a_sender_that_was_paused_past_its_lease_writes_of_no_row_that_another_holds(queued):
    at = timezone.now()
    [old] = leases.claim(at=at, most=1)
    OutboxMail.objects.exclude(pk=old.pk).delete()
    [new] = leases.claim(at=lapsed(at), most=1)
    leases.give_back([old])
    rejections.postpone(old, "450 busy", at=at)
    rejections.reject(old, "550 unknown", by_address=True, at=at)
    sending._mark_sent(old, "", timezone.now)
    row = OutboxMail.objects.get()
    assert (row.state, row.claimed_at) == (State.WAITING, new.claimed_at)
    assert not MailChoice.objects.filter(refusals__gt=0).exists()
    sending._mark_sent(new, "", timezone.now)
    assert OutboxMail.objects.get().state == State.SENT


def test_a_mark_counts_after_the_lease_where_nobody_came(queued):
    [mail] = leases.claim(at=timezone.now(), most=1)
    sending._mark_sent(mail, "", lambda: lapsed(timezone.now()))
    assert OutboxMail.objects.get(pk=mail.pk).state == State.SENT


def test_what_is_given_back_is_as_if_it_had_not_been_claimed(queued):
    before = list(OutboxMail.objects.order_by("pk").values())
    leases.give_back(leases.claim(at=timezone.now(), most=50))
    assert list(OutboxMail.objects.order_by("pk").values()) == before


def test_what_was_in_hand_when_its_week_was_held_is_held_by_the_next_run(queued):
    at = timezone.now()
    leases.claim(at=at, most=2)
    hold_week(iso_year=WEEK.year, iso_week=WEEK.number, reason="x", by=queued.administrator, at=at)
    cancellation.give_up(at=lapsed(at))
    assert set(OutboxMail.objects.values_list("state", flat=True)) == {State.HELD}
    cancellation.give_up(at=at + timedelta(days=4))
    assert set(OutboxMail.objects.values_list("state", flat=True)) == {State.HELD}


def test_an_outage_of_ours_ends_no_mail_before_its_week_ends(queued):
    OutboxMail.objects.update(next_attempt_at=WEEK.due_at, created_at=WEEK.due_at)
    cancellation.give_up(at=WEEK.due_at + timedelta(days=6))
    assert set(OutboxMail.objects.values_list("state", flat=True)) == {State.WAITING}
    assert cancellation.give_up(at=WEEK.after.due_at) == OutboxMail.objects.count()
    assert set(OutboxMail.objects.values_list("last_error", flat=True)) == {cancellation.OVER}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", ["sent", "refused"])
def test_who_holds_a_week_asks_again_after_waiting_for_a_sender(state):
    """The sender marks its row while the holder waits for it: the row stays as it is marked."""
    world = make_world()
    make_digests(week=WEEK, at=world.now)
    mail = OutboxMail.objects.first()
    at = timezone.now()

    def hold() -> None:
        try:
            hold_week(
                iso_year=WEEK.year, iso_week=WEEK.number, reason="x", by=world.administrator, at=at
            )
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    with transaction.atomic():
        sent_at = at if state == "sent" else None
        OutboxMail.objects.filter(pk=mail.pk).update(state=state, sent_at=sent_at)
        holder.start()
        holder.join(1)
        assert holder.is_alive()
    holder.join(20)
    mail.refresh_from_db()
    assert mail.state == state
    assert OutboxMail.objects.filter(state="held").count() == OutboxMail.objects.count() - 1
