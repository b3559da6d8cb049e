"""What an answer of an SMTP server means for an email, its address and the run."""

import pytest

from recommendations.emails.outbox.sending import send_waiting
from recommendations.models import EmailPreference, OutboxEmail
from tests.recommendations.emails.examples import READERS

State = OutboxEmail.State


@pytest.mark.parametrize("answer", ["550 5.1.8 bad sender", "451 4.3.0 try later"])
def test_an_answer_about_the_sender_stops_the_run(queued, smtp, answer):
    smtp.answer_sender = answer
    result = send_waiting()
    assert (result.sent, result.rejected, result.postponed) == (0, 0, 1)
    assert OutboxEmail.objects.get(attempts=1).last_error == answer
    assert OutboxEmail.objects.filter(state=State.WAITING, attempts=0).count() == READERS - 1


@pytest.mark.parametrize(
    ("answer", "is_counted"),
    [
        ("550 unknown", True),
        ("550 5.1.1 unknown", True),
        ("552 5.2.2 full", True),
        ("550 5.7.1 relaying denied", False),
        ("554 no", False),
        ("550 5.1.8 bad sender", False),
    ],
)
def test_only_an_answer_about_the_mailbox_counts_against_it(queued, smtp, answer, is_counted):
    smtp.answer_recipient = lambda to: answer if "kay" in to else "250 OK"
    assert send_waiting().rejected == 1
    counted = EmailPreference.objects.filter(reader=queued.officer, rejections=1)
    assert counted.exists() == is_counted


def test_a_rejection_of_the_content_counts_against_no_address(queued, smtp):
    smtp.answer = lambda envelope: "550 5.7.1 this looks like spam"
    assert send_waiting().rejected == READERS
    assert not EmailPreference.objects.filter(rejections__gt=0).exists()
