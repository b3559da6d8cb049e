"""Sending by GOV.UK Notify, in a real conversation over HTTP with a server of our own."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from countylines.environment.email import Notify
from forces.accounts import emails
from recommendations import jobs
from recommendations.emails.digests.ledger import make_digests
from recommendations.emails.digests.week import Week
from recommendations.emails.outbox.sending import send_waiting
from recommendations.models import MailChoice, OutboxMail
from recommendations.rules import london_day
from tests.recommendations.emails.notify_server import API_KEY, NotifyServer, notify_server
from tests.world import World, make_world

State = OutboxMail.State
READERS = 6


@pytest.fixture
def notify(settings) -> Iterator[NotifyServer]:
    with notify_server() as server:
        settings.NOTIFY = Notify(api_key=API_KEY, template_id="t", base_url=server.url)
        settings.EMAIL_TRANSPORT = "recommendations.emails.transports.notify.NotifyTransport"
        yield server


@pytest.fixture
def world(db) -> World:
    made = make_world()
    make_digests(week=Week.of(london_day(made.now)), at=made.now)
    return made


def send(at=None):
    return send_waiting(clock=lambda: at or timezone.now())


def test_each_mail_is_taken_once_with_its_fields(world, notify):
    assert send().sent == READERS
    mail = next(each for each in notify.taken if each["email_address"] == world.officer.email)
    assert mail["template_id"] == "t"
    assert set(mail["personalisation"]) == {"subject", "name", "body"}
    assert mail["personalisation"]["name"] == "Kay Ent"
    assert mail["sanitise_content_for"] == ["subject", "name"]
    assert mail["one_click_unsubscribe_url"].endswith("/")
    kept = OutboxMail.objects.get(reader=world.officer)
    assert (kept.provider_id, kept.message_id) == (mail["id"], mail["reference"])


def test_password_links_take_the_same_way(world, notify, settings, client):
    settings.EMAIL_BACKEND = "recommendations.emails.transports.notify_backend.NotifyBackend"
    client.post("/accounts/reset/", {"email": world.officer.email})
    emails.send_waiting(at=timezone.now())
    [mail] = notify.taken
    assert mail["email_address"] == world.officer.email
    assert "/accounts/reset/" in mail["personalisation"]["body"]


def test_an_answer_that_was_lost_makes_no_second_mail(world, notify):
    notify.lose = 1
    send()
    send(timezone.now() + timedelta(hours=1))
    references = [each["reference"] for each in notify.taken]
    assert len(references) == len(set(references)) == READERS
    assert set(OutboxMail.objects.values_list("state", flat=True)) == {State.SENT}


def test_what_it_calls_a_bad_request_is_rejected(world, notify):
    notify.answers = [400]
    done = send()
    assert (done.rejected, done.sent) == (1, READERS - 1)
    assert OutboxMail.objects.get(state=State.REFUSED).last_error.startswith("GOV.UK Notify: 400")


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_what_is_its_own_matter_is_tried_again_later(world, notify, status):
    notify.answers = [status]
    assert send().postponed == 1
    assert OutboxMail.objects.filter(state=State.WAITING).count() == READERS
    assert send(timezone.now() + timedelta(hours=1)).sent == READERS


def test_while_it_is_away_the_others_keep_their_turn(world, notify, settings):
    settings.NOTIFY = Notify(api_key=API_KEY, template_id="t", base_url="http://127.0.0.1:1")
    assert send().postponed == 1


def test_what_it_could_not_deliver_has_bounced(world, notify):
    send()
    ids = {each["email_address"]: each["id"] for each in notify.taken}
    notify.states = {
        ids[world.officer.email]: "permanent-failure",
        ids[world.analyst.email]: "temporary-failure",
    }
    assert jobs.ask_about_mail(at=timezone.now()) == "Emails that bounced: 2."
    assert jobs.ask_about_mail(at=timezone.now()) == "Emails that bounced: 0."
    states = dict(OutboxMail.objects.values_list("reader", "state"))
    assert states[world.officer.pk] == states[world.analyst.pk] == State.BOUNCED
    assert MailChoice.objects.get(reader=world.officer).refusals == 1
    assert not MailChoice.objects.filter(reader=world.analyst, refusals__gt=0).exists()


def test_an_address_that_bounces_three_weeks_in_a_row_is_given_up(world, notify):
    """That it is taken by GOV.UK Notify says nothing of the address; that it is delivered does."""
    at = timezone.now()
    for _ in range(3):
        send(at)
        for each in notify.taken:
            each["created_at"] = at.isoformat()
        notify.states = {
            each["id"]: "permanent-failure" if each["email_address"] == world.officer.email else ""
            for each in notify.taken
        }
        jobs.ask_about_mail(at=at)
        at += timedelta(days=7)
        make_digests(week=Week.of(london_day(at)), at=at)
    assert MailChoice.objects.get(reader=world.officer).bounces(world.officer.email)


def test_a_mail_that_is_delivered_begins_the_count_anew(world, notify):
    MailChoice.objects.create(reader=world.officer, refusals=2, refused_address=world.officer.email)
    send()
    assert MailChoice.objects.get().refusals == 2
    notify.states = {each["id"]: "delivered" for each in notify.taken}
    jobs.ask_about_mail(at=timezone.now())
    assert MailChoice.objects.get().refusals == 0


@pytest.mark.parametrize(
    ("error", "counts"),
    [
        ({"error": "ValidationError", "message": "email_address Not a valid email address"}, True),
        ({"error": "BadRequestError", "message": "Can't send to this recipient"}, False),
    ],
)
def test_only_what_it_says_of_the_address_counts_against_it(world, notify, error, counts):
    notify.answers, notify.error = [400], error
    send()
    assert MailChoice.objects.filter(refusals=1).exists() == counts


def test_without_it_nobody_is_asked(world):
    assert jobs.ask_about_mail(at=timezone.now()) == "Emails that bounced: 0."
