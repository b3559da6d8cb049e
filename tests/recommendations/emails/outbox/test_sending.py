"""A waiting email is sent once, over one connection."""

from collections import Counter
from datetime import timedelta

from django.utils import timezone

from recommendations import jobs
from recommendations.emails.outbox import sending
from recommendations.models import OutboxEmail
from tests.recommendations.emails.examples import READERS
from tests.smtp_server import SmtpServer

State = OutboxEmail.State


def send(at=None):
    return sending.send_waiting(clock=lambda: at or timezone.now())


def test_every_email_is_accepted_once(queued, smtp: SmtpServer):
    assert send().sent == READERS
    assert set(smtp.recipients.values()) == {1}
    assert smtp.connections == 1
    assert send().sent == 0
    assert len(smtp.accepted) == READERS


def test_an_email_whose_answer_was_lost_is_sent_again_with_the_same_id(queued, smtp):
    """The window of docs/decisions/0014."""
    smtp.hangs_up_after = 3
    result = send()
    assert (result.sent, result.postponed) == (READERS - 1, 1)
    send(timezone.now() + timedelta(hours=1))
    ids = Counter(str(message["Message-ID"]) for message in smtp.accepted)
    assert sorted(ids.values()) == [1] * (READERS - 1) + [2]
    assert set(ids) == set(OutboxEmail.objects.values_list("message_id", flat=True))


def test_a_run_is_short_and_queues_another_if_emails_still_wait(queued, smtp):
    result = sending.send_waiting(max_run=timedelta())
    assert (result.sent, result.has_more) == (0, True)
    queued_runs = []
    jobs.send_outbox(max_run=timedelta(), queue_next=lambda: queued_runs.append(1))
    jobs.send_outbox(queue_next=lambda: queued_runs.append(2))
    assert queued_runs == [1]
    assert OutboxEmail.objects.filter(attempts=1, state=State.SENT).count() == READERS
