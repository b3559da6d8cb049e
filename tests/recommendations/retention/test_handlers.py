"""Expired emails lose their personal data, and none is sent twice as a result."""

from datetime import timedelta

import pytest

from forces.refusal import Refusal
from recommendations.actions.resend_digests import resend_digest, send_test_email
from recommendations.emails.alerts.alerts import create_alerts
from recommendations.emails.digests.ledger import create_digests
from recommendations.emails.digests.week import Week
from recommendations.emails.outbox.sending import send_waiting
from recommendations.models import Alert, Digest, EmailContent, OutboxEmail
from recommendations.retention.job import apply_retention
from recommendations.rules import london_day
from tests.recommendations.retention.week import a_digest_week

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("evidence_folder")]
DAY, YEAR = timedelta(days=1), timedelta(days=365)


def test_an_email_loses_name_address_and_content_after_a_year_but_its_row_stays(world):
    a_digest_week(world)
    count = OutboxEmail.objects.count()
    apply_retention(at=world.now + YEAR)
    assert OutboxEmail.objects.exclude(address="").count() == count
    assert EmailContent.objects.exclude(text="").exists()
    apply_retention(at=world.now + YEAR + DAY)
    assert OutboxEmail.objects.filter(address="", reader_name="").count() == count
    assert not EmailContent.objects.exclude(text="", html="", fields={}, picture=None).exists()
    assert Digest.objects.count() == count


def test_a_weekly_email_is_never_sent_again_after_its_content_expired(world):
    week = a_digest_week(world)
    apply_retention(at=world.now + 3 * YEAR)
    assert create_digests(week=week, at=world.now + 3 * YEAR) == 0
    assert send_waiting().sent == 0
    for digest in Digest.objects.filter(reader__is_active=True):
        with pytest.raises(Refusal):
            resend_digest(digest=digest, by=world.administrator, at=world.now + 3 * YEAR)


def test_the_next_digest_still_begins_where_the_last_one_ended(world):
    a_digest_week(world)
    later = world.now + YEAR + 7 * DAY
    apply_retention(at=later)
    create_digests(week=Week.of(london_day(later)), at=later)
    latest = Digest.objects.filter(reader=world.officer).order_by("-pk").first()
    assert london_day(latest.since) == london_day(world.now)


def test_an_undelivered_email_cannot_be_sent_again_after_its_content_expired(world):
    a_digest_week(world)
    OutboxEmail.objects.update(state="refused", sent_at=None)
    apply_retention(at=world.now + 2 * YEAR)
    with pytest.raises(Refusal, match="has been deleted"):
        resend_digest(
            digest=Digest.objects.filter(reader=world.officer).get(),
            by=world.administrator,
            at=world.now,
        )


@pytest.mark.parametrize("state", ["waiting", "held", "parked"])
def test_an_unsent_email_keeps_its_content(world, state):
    a_digest_week(world)
    OutboxEmail.objects.update(state=state, sent_at=None)
    apply_retention(at=world.now + 2 * YEAR)
    assert not OutboxEmail.objects.filter(address="").exists()
    assert not EmailContent.objects.filter(text="").exists()


def test_alerts_and_test_emails_are_deleted(world):
    create_alerts(at=world.now)
    email = OutboxEmail.objects.create(
        kind="at_once",
        reader=world.officer,
        reader_name="Kay",
        address="kay@example.org",
        content=EmailContent.objects.create(subject="s", text="t", html="h", made_at=world.now),
        message_id="<a@b>",
        created_at=world.now,
        next_attempt_at=world.now,
        state="sent",
        sent_at=world.now,
    )
    news = {"reader": world.officer, "kind": "answered", "happened_at": world.now}
    Alert.objects.create(event_id=1, emailed_at=world.now, email=email, **news)
    Alert.objects.create(event_id=2, **news)
    content = EmailContent(subject="s", text="t", html="h", made_at=world.now)
    send_test_email(content=content, name="Kay", to=world.administrator, at=world.now)
    OutboxEmail.objects.update(state="sent", sent_at=world.now)
    apply_retention(at=world.now + YEAR + DAY)
    assert not OutboxEmail.objects.exists()
    assert not EmailContent.objects.exists()
    assert list(Alert.objects.values_list("event_id", flat=True)) == [2]  # not sent yet
