"""One connection to an SMTP server, and how it fails."""

from datetime import timedelta

from django.utils import timezone

from recommendations.emails.outbox.sending import send_waiting
from recommendations.models import EmailPreference, OutboxEmail
from tests.recommendations.emails.examples import READERS

State = OutboxEmail.State


def test_while_the_server_is_down_one_email_is_postponed_and_the_others_stay_due(queued, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert send_waiting().postponed == 1
    assert OutboxEmail.objects.filter(claimed_at=None, state=State.WAITING).count() == READERS


def test_a_server_that_closes_after_some_emails_is_connected_to_again(queued, smtp):
    smtp.closes_after = 2
    result = send_waiting()
    assert (result.sent, result.postponed) == (READERS, 0)
    assert set(smtp.recipients.values()) == {1}


def test_a_lost_connection_postpones_only_the_email_being_sent(queued, smtp):
    smtp.closes_after, smtp.closes_by = 2, "hang up"
    result = send_waiting()
    assert (result.sent, result.postponed) == (READERS - 2, 2)
    assert not EmailPreference.objects.filter(rejections__gt=0).exists()
    later = timezone.now() + timedelta(hours=1)
    assert send_waiting(clock=lambda: later).sent == 2
    assert set(smtp.recipients.values()) == {1}


def test_a_failed_sign_in_stops_the_run(queued, smtp, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "tracker", "wrong"
    assert send_waiting().postponed == 1
    assert OutboxEmail.objects.filter(state=State.WAITING, attempts=0).count() == READERS - 1
