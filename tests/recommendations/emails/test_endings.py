"""Waiting mail follows the role for which it was made, and the reader's present wishes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from forces.models import Role
from forces.refusal import Refusal
from recommendations.actions.email_preferences import choose_mail
from recommendations.actions.hold_digests import hold_week
from recommendations.actions.resend_digests import send_again, send_week_again
from recommendations.emails.alerts.alerts import tell_at_once
from recommendations.emails.digests.ledger import make_digests
from recommendations.emails.digests.week import Week
from recommendations.emails.outbox.sending import send_waiting
from recommendations.models import OutboxMail
from recommendations.rules import london_day
from tests.factories import claim, send_back
from tests.mail_server import MailServer
from tests.world import World, make_world

WEEK = Week.of(london_day(timezone.now()))
State = OutboxMail.State


@pytest.fixture
def queued(db) -> World:
    world = make_world()
    make_digests(week=WEEK, at=world.now)
    return world


def of_officer(world: World) -> OutboxMail:
    return OutboxMail.objects.get(reader=world.officer, kind="digest")


def become(reader, **values) -> None:
    for name, value in values.items():
        setattr(reader, name, value)
    reader.save()


def moves(world: World) -> None:
    become(world.officer, body=world.forces["Essex"])


def becomes_analyst(world: World) -> None:
    become(world.officer, body=None, role=Role.ANALYST)


def unsubscribes(world: World) -> None:
    by = world.officer
    choose_mail(reader=by, weekly="never", at_once=True, by=by, at=world.now)


def leaves(world: World) -> None:
    become(world.officer, is_active=False)


CHANGES = pytest.mark.parametrize("change", [moves, becomes_analyst, unsubscribes, leaves])


@CHANGES
def test_what_was_made_for_another_role_or_is_unwanted_is_not_sent(queued, smtp, change):
    change(queued)
    assert send_waiting().given_up == 1
    assert of_officer(queued).state == State.EXPIRED
    assert queued.officer.email not in smtp.recipients


@CHANGES
def test_nor_is_it_sent_again(queued, change):
    OutboxMail.objects.update(state=State.REFUSED)
    change(queued)
    with pytest.raises(Refusal):
        send_again(digest=of_officer(queued).digest, by=queued.administrator, at=queued.now)
    week = {"iso_year": WEEK.year, "iso_week": WEEK.number}
    again = send_week_again(**week, by=queued.administrator, at=queued.now)
    assert again == OutboxMail.objects.filter(state=State.REFUSED).count() - 1
    assert not OutboxMail.objects.filter(reader=queued.officer, state=State.WAITING).exists()


def test_a_mended_address_helps_mail_that_waits(queued, smtp: MailServer):
    become(queued.officer, email="mended@example.org")
    send_waiting()
    assert smtp.recipients["mended@example.org"] == 1


def test_news_at_once_that_wait_are_not_sent_to_who_wants_none(queued, smtp):
    sent = claim(queued.assignment("Kent", 3), at=queued.now, by=queued.officer)
    send_back(sent, at=queued.now, by=queued.analyst)
    tell_at_once(at=queued.now)
    OutboxMail.objects.filter(kind="digest").delete()
    by = queued.officer
    choose_mail(reader=by, weekly="always", at_once=False, by=by, at=queued.now)
    send_waiting()
    assert OutboxMail.objects.get(reader=by).state == State.EXPIRED


def test_a_week_that_is_over_or_held_is_not_sent_again(queued):
    OutboxMail.objects.update(state=State.REFUSED)
    week = {"iso_year": WEEK.year, "iso_week": WEEK.number}
    who = {"by": queued.administrator}
    digest = of_officer(queued).digest
    with pytest.raises(Refusal, match="The week is over"):
        send_again(digest=digest, at=queued.now + timedelta(days=7), **who)
    hold_week(**week, reason="x", at=queued.now, **who)
    with pytest.raises(Refusal, match="held back"):
        send_week_again(**week, at=queued.now, **who)
