"""Emails that are not accepted, and addresses that reject them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from recommendations.actions.email_preferences import reset_rejections
from recommendations.emails.digests.ledger import create_digests
from recommendations.emails.digests.week import Week
from recommendations.emails.outbox import rejections, sending
from recommendations.models import EmailPreference, OutboxEmail
from recommendations.rules import london_day
from tests.recommendations.emails.examples import READERS

WEEK = Week.of(london_day(timezone.now()))
State = OutboxEmail.State


def send(at=None):
    return sending.send_waiting(clock=lambda: at or timezone.now())


@pytest.mark.parametrize("answer", ["421 closing", "450 busy", "451 later"])
def test_an_email_with_a_temporary_answer_is_tried_again_with_the_same_id(queued, smtp, answer):
    smtp.answer = lambda envelope: answer
    assert send().postponed == READERS
    assert not smtp.accepted
    smtp.answer = lambda envelope: "250 OK"
    ids = set(OutboxEmail.objects.values_list("message_id", flat=True))
    send(timezone.now() + timedelta(hours=1))
    assert {str(message["Message-ID"]) for message in smtp.accepted} == ids
    assert set(smtp.recipients.values()) == {1}


def test_pauses_grow_and_after_three_days_no_further_attempt_is_made(queued, smtp):
    smtp.answer = lambda envelope: "450 busy"
    at, pauses = WEEK.due_at, []
    OutboxEmail.objects.exclude(pk=OutboxEmail.objects.earliest("pk").pk).delete()
    OutboxEmail.objects.update(next_attempt_at=at)
    while OutboxEmail.objects.filter(state=State.WAITING).exists():
        send(at)
        waiting = OutboxEmail.objects.filter(state=State.WAITING)
        if waiting.exists():
            pauses.append(waiting.latest("next_attempt_at").next_attempt_at - at)
            at += pauses[-1]
    assert pauses[0] < timedelta(minutes=6)
    assert pauses[5] > pauses[1]
    assert max(pauses) <= rejections.MAX_PAUSE * 1.1
    assert sum(pauses, timedelta()) > timedelta(days=2, hours=20)
    assert set(OutboxEmail.objects.values_list("state", flat=True)) == {State.EXPIRED}
    assert set(OutboxEmail.objects.values_list("last_error", flat=True)) == {"450 busy"}


def test_one_rejection_stops_the_email_but_not_the_address(queued, smtp):
    smtp.answer_recipient = lambda to: "550 unknown" if "kay" in to else "250 OK"
    result = send()
    assert (result.sent, result.rejected) == (READERS - 1, 1)
    assert OutboxEmail.objects.get(state=State.REFUSED).last_error == "550 unknown"
    assert EmailPreference.objects.get(reader=queued.officer).bouncing_since is None


def test_an_address_bounces_after_three_rejections_in_a_row(world, smtp):
    smtp.answer_recipient = lambda to: "550 unknown" if "kay" in to else "250 OK"
    for week in (WEEK, WEEK.after, WEEK.after.after):
        create_digests(week=week, at=world.now)
        send()
    choice = EmailPreference.objects.get(reader=world.officer)
    assert choice.rejections == 3
    assert choice.bounces(world.officer.email)
    assert choice.last_rejection == "550 unknown"
    reset_rejections(reader=world.officer, by=world.administrator, at=world.now)
    assert not EmailPreference.objects.get(reader=world.officer).bounces(world.officer.email)


def test_an_accepted_email_resets_the_count(world, smtp):
    for number, week in enumerate((WEEK, WEEK.after, WEEK.after.after)):
        smtp.answer_recipient = lambda to, n=number: "250 OK" if n == 1 else "550 unknown"
        create_digests(week=week, at=world.now)
        send()
    assert EmailPreference.objects.get(reader=world.officer).rejections == 1


def test_many_rejections_in_a_row_stop_the_run(queued, smtp, monkeypatch):
    monkeypatch.setattr(sending, "MAX_REJECTED_IN_A_ROW", 2)
    smtp.answer_recipient = lambda to: "550 5.7.1 relaying denied"
    assert send().rejected == 2
    assert OutboxEmail.objects.filter(state=State.WAITING).count() == READERS - 2


def test_control_characters_in_an_answer_are_replaced(queued, smtp):
    smtp.answer_recipient = lambda to: "550 un\x00known"
    assert send().rejected == READERS
    assert OutboxEmail.objects.first().last_error == "550 un known"
