"""A digest that was not delivered is resent once, and a test goes to the administrator."""

from datetime import timedelta

import pytest
from django.utils import timezone

from forces.refusal import Refusal
from recommendations.actions.hold_digests import hold_week
from recommendations.actions.resend_digests import resend_digest, resend_week, send_test_email
from recommendations.emails.digests.week import Week
from recommendations.emails.outbox.sending import send_waiting
from recommendations.models import OutboxEmail
from recommendations.rules import london_day

WEEK = Week.of(london_day(timezone.now()))
State = OutboxEmail.State


@pytest.fixture
def rejected(queued, smtp) -> OutboxEmail:
    """The officer's digest, whose address the server rejected."""
    smtp.answer_recipient = lambda to: "550 unknown" if "kay" in to else "250 OK"
    send_waiting()
    return OutboxEmail.objects.get(state=State.REFUSED)


def test_a_digest_is_resent_to_the_present_address(queued, smtp, rejected):
    queued.officer.email = "corrected@example.org"
    queued.officer.save()
    email = resend_digest(digest=rejected.digest, by=queued.administrator, at=timezone.now())
    assert email.message_id != rejected.message_id
    assert send_waiting().sent == 1
    assert str(smtp.accepted[-1]["To"]) == "corrected@example.org"


def test_a_digest_that_was_sent_is_not_resent(queued, smtp):
    send_waiting()
    sent = OutboxEmail.objects.first()
    with pytest.raises(Refusal, match="gets it only once"):
        resend_digest(digest=sent.digest, by=queued.administrator, at=timezone.now())


def test_two_clicks_resend_a_digest_once(queued, rejected):
    resend_digest(digest=rejected.digest, by=queued.administrator, at=timezone.now())
    with pytest.raises(Refusal):
        resend_digest(digest=rejected.digest, by=queued.administrator, at=timezone.now())


def test_a_week_that_is_over_or_held_is_not_resent(queued):
    OutboxEmail.objects.update(state=State.REFUSED)
    week = {"iso_year": WEEK.year, "iso_week": WEEK.number}
    by = queued.administrator
    digest = OutboxEmail.objects.get(reader=queued.officer).digest
    with pytest.raises(Refusal, match="That week is over"):
        resend_digest(digest=digest, by=by, at=queued.now + timedelta(days=7))
    hold_week(**week, reason="x", by=by, at=queued.now)
    with pytest.raises(Refusal, match="held back"):
        resend_week(**week, by=by, at=queued.now)


def test_a_test_goes_to_the_administrator_as_the_reader_would_get_it(queued, smtp):
    content = OutboxEmail.objects.get(reader=queued.officer).content
    content.pk = None
    send_test_email(content=content, name="Kay Ent", to=queued.administrator, at=timezone.now())
    send_waiting()
    message = next(
        m
        for m in smtp.accepted
        if m["To"] == queued.administrator.email and m["Subject"].startswith("Test: ")
    )
    assert str(message["Subject"]).startswith("Test: County lines recommendations tracker: ")
    assert "Sent once a week to Kay Ent" in message.get_body(("plain",)).get_content()
