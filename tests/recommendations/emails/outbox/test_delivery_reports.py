"""Emails that GOV.UK Notify accepted and could not deliver."""

from datetime import timedelta

from django.utils import timezone

from recommendations import jobs
from recommendations.emails.digests.ledger import create_digests
from recommendations.emails.digests.week import Week
from recommendations.emails.outbox.sending import send_waiting
from recommendations.models import EmailPreference, OutboxEmail
from recommendations.rules import london_day


def test_an_email_that_could_not_be_delivered_has_bounced(queued, notify):
    send_waiting()
    ids = {email["email_address"]: email["id"] for email in notify.accepted}
    notify.statuses = {
        ids[queued.officer.email]: "permanent-failure",
        ids[queued.analyst.email]: "temporary-failure",
    }
    assert jobs.mark_bounced_emails(at=timezone.now()) == "Emails that bounced: 2."
    assert jobs.mark_bounced_emails(at=timezone.now()) == "Emails that bounced: 0."
    states = dict(OutboxEmail.objects.values_list("reader", "state"))
    assert states[queued.officer.pk] == states[queued.analyst.pk] == "bounced"
    assert EmailPreference.objects.get(reader=queued.officer).rejections == 1
    assert not EmailPreference.objects.filter(reader=queued.analyst, rejections__gt=0).exists()


def test_an_address_bounces_after_three_failures_in_a_row(queued, notify):
    """Acceptance by GOV.UK Notify does not prove that the address works; delivery does."""
    at = timezone.now()
    for _ in range(3):
        send_waiting(clock=lambda: at)  # noqa: B023
        for email in notify.accepted:
            email["created_at"] = at.isoformat()
        notify.statuses = {
            email["id"]: "permanent-failure"
            if email["email_address"] == queued.officer.email
            else ""
            for email in notify.accepted
        }
        jobs.mark_bounced_emails(at=at)
        at += timedelta(days=7)
        create_digests(week=Week.of(london_day(at)), at=at)
    assert EmailPreference.objects.get(reader=queued.officer).bounces(queued.officer.email)


def test_a_delivered_email_resets_the_count(queued, notify):
    officer = queued.officer
    EmailPreference.objects.create(reader=officer, rejections=2, rejected_address=officer.email)
    send_waiting()
    assert EmailPreference.objects.get().rejections == 2
    notify.statuses = {email["id"]: "delivered" for email in notify.accepted}
    jobs.mark_bounced_emails(at=timezone.now())
    assert EmailPreference.objects.get().rejections == 0


def test_without_notify_nothing_is_fetched(world):
    assert jobs.mark_bounced_emails(at=timezone.now()) == "Emails that bounced: 0."
