"""Sending by GOV.UK Notify, in a real HTTP conversation with a local server."""

from datetime import timedelta

import pytest
from django.utils import timezone

from countylines.environment import Notify
from recommendations.emails.outbox.sending import send_waiting
from recommendations.models import EmailPreference, OutboxEmail
from tests.recommendations.emails.examples import READERS
from tests.recommendations.emails.transports.notify_server import API_KEY

State = OutboxEmail.State


def send(at=None):
    return send_waiting(clock=lambda: at or timezone.now())


def test_an_email_is_sent_once_with_its_fields(queued, notify):
    assert send().sent == READERS
    sent = next(
        email for email in notify.accepted if email["email_address"] == queued.officer.email
    )
    assert sent["template_id"] == "t"
    assert set(sent["personalisation"]) == {"subject", "name", "body"}
    assert sent["personalisation"]["name"] == "Kay Ent"
    assert sent["sanitise_content_for"] == ["subject", "name"]
    assert sent["one_click_unsubscribe_url"].endswith("/")
    stored = OutboxEmail.objects.get(reader=queued.officer)
    assert (stored.provider_id, stored.message_id) == (sent["id"], sent["reference"])


def test_a_lost_answer_causes_no_second_email(queued, notify):
    notify.lost_answers = 1
    send()
    send(timezone.now() + timedelta(hours=1))
    references = [email["reference"] for email in notify.accepted]
    assert len(references) == len(set(references)) == READERS
    assert set(OutboxEmail.objects.values_list("state", flat=True)) == {State.SENT}


def test_a_bad_request_is_a_rejection(queued, notify):
    notify.errors = [400]
    result = send()
    assert (result.rejected, result.sent) == (1, READERS - 1)
    assert OutboxEmail.objects.get(state=State.REFUSED).last_error.startswith("GOV.UK Notify: 400")


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_any_other_error_postpones_the_email_and_stops_the_run(queued, notify, status):
    notify.errors = [status]
    assert send().postponed == 1
    assert OutboxEmail.objects.filter(state=State.WAITING).count() == READERS
    assert send(timezone.now() + timedelta(hours=1)).sent == READERS


def test_while_notify_is_down_one_email_is_postponed_and_the_others_stay_due(
    queued, notify, settings
):
    settings.NOTIFY = Notify(api_key=API_KEY, template_id="t", base_url="http://127.0.0.1:1")
    assert send().postponed == 1


@pytest.mark.parametrize(
    ("error", "is_counted"),
    [
        ({"error": "ValidationError", "message": "email_address Not a valid email address"}, True),
        ({"error": "BadRequestError", "message": "Can't send to this recipient"}, False),
    ],
)
def test_only_an_error_about_the_address_counts_against_it(queued, notify, error, is_counted):
    notify.errors, notify.error = [400], error
    send()
    assert EmailPreference.objects.filter(rejections=1).exists() == is_counted
