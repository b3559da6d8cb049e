"""Requests between organisations: making, answering, reading, alerts, digests and the database."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from forces.models import Role
from forces.refusal import Refusal
from recommendations.emails.alerts.alerts import create_alerts
from recommendations.emails.digests.builder import digest_email
from recommendations.emails.digests.source import DigestSource
from recommendations.models import Alert, BodyRequest, BodyRequestEvent
from recommendations.request_rules import answer_due_on
from recommendations.rules import london_day
from tests.factories import LocalPolicingBodyFactory, OfficerFactory, UserFactory, answer, ask
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of_kent(world):
    """Kent asked Essex 16 days ago, and has no answer."""
    kent, at = world.assignment("Kent", 3), world.now - timedelta(days=16)
    return ask(kent, world.forces["Essex"], at=at, by=world.officer)


def test_each_organisation_acts_in_its_turn_and_a_second_click_adds_nothing(world, request_of_kent):
    request, now = request_of_kent, world.now
    essex = OfficerFactory(body=world.forces["Essex"])
    surrey = OfficerFactory(body=world.forces["Surrey"])
    for by, kind in ((world.officer, "done"), (surrey, "done"), (essex, "confirmed")):
        with pytest.raises(Refusal, match="cannot do that now"):
            answer(request, kind, at=now, by=by)
    with pytest.raises(Refusal, match="from today"):
        answer(
            request,
            "accepted",
            at=now,
            by=essex,
            promised_on=london_day(now) - timedelta(1),
        )
    with pytest.raises(Refusal, match="Enter why"):
        answer(request, "declined", at=now, by=essex, reason="")
    with pytest.raises(Refusal, match="looks like"):
        answer(request, "declined", at=now, by=essex, reason="Ask on 07700 900123.")
    declined = answer(request, "declined", at=now, by=essex)
    assert answer(request, "declined", at=now, by=essex, seen=0) == declined
    with pytest.raises(Refusal, match="Somebody has changed"):
        answer(request, "returned", at=now, by=world.officer, seen=0)
    answer(request, "returned", at=now, by=world.officer)
    answer(request, "done", at=now, by=essex)
    with pytest.raises(Refusal):
        answer(request, "returned", at=now, by=world.officer)
    answer(request, "confirmed", at=now, by=world.officer)
    kinds = request.events.values_list("kind", flat=True)
    assert list(kinds) == ["declined", "returned", "done", "confirmed"]


def test_requests_are_refused_to_itself_to_readers_and_with_details_of_cases(world):
    kent, at = world.assignment("Kent", 3), world.now
    for body in (kent.body, LocalPolicingBodyFactory()):
        with pytest.raises(Refusal, match="Choose another"):
            ask(kent, body, at=at, by=world.officer)
    with pytest.raises(Refusal, match="an email address"):
        ask(kent, world.lead, at=at, by=world.officer, text="Write to jo@example.org")
    with pytest.raises(Refusal, match="liaison officers"):
        ask(kent, world.lead, at=at, by=world.analyst)
    with pytest.raises(Refusal, match="closed"):
        ask(world.assignment("Kent", 1), world.lead, at=at, by=world.officer)
    first = ask(kent, world.lead, at=at, by=world.officer)
    assert ask(kent, world.lead, at=at, by=world.officer) == first


def test_the_database_refuses_events_out_of_turn(request_of_kent, world):
    def add(number, kind, **values):
        with transaction.atomic(), connection.cursor() as cursor:
            BodyRequestEvent.objects.create(
                request=request_of_kent, number=number, kind=kind, reason="No.", by=world.officer,
                happened_at=values.pop("at", world.now), **values,
            )  # fmt: skip
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    for number, kind in ((1, "confirmed"), (1, "returned"), (2, "done")):
        with pytest.raises(IntegrityError):
            add(number, kind)
    with pytest.raises(IntegrityError):
        add(1, "done", at=world.now - timedelta(days=31))
    add(1, "done")
    for kind in ("done", "accepted", "cancelled"):
        with pytest.raises(IntegrityError):
            add(2, kind, promised_on=london_day(world.now) if kind == "accepted" else None)
    add(2, "returned")
    add(3, "done")
    with pytest.raises(IntegrityError):
        add(4, "returned")


def test_officers_of_both_and_analysts_read_it_and_others_see_counts(
    client, world, request_of_kent, django_assert_max_num_queries
):
    page, form = reverse("body_request", args=[request_of_kent.pk]), {"kind": "done", "seen": 0}
    essex = OfficerFactory(body=world.forces["Essex"])
    policing = UserFactory(role=Role.LOCAL_POLICING_BODY, body=world.policing["Kent"])
    for reader, status in (
        (world.officer, 200), (essex, 200), (world.analyst, 200), (policing, 404),
        (world.observer, 404), (OfficerFactory(body=world.forces["Surrey"]), 404),
    ):  # fmt: skip
        client.force_login(reader)
        assert client.get(page).status_code == status
        shown = text_of(client.get(reverse("force", args=["essex"])))
        if reader is not policing:
            assert "1 waits for it, 1 late; it waits for 0" in shown
        assert ("1 request waits for you, 1 late: <a" in shown) == (reader is essex)
    client.force_login(policing)
    own = text_of(client.get(request_of_kent.assignment.get_absolute_url()))
    assert "1 request waiting for others" in own
    assert request_of_kent.text not in own
    client.force_login(world.analyst)
    assert client.post(page, form).status_code == 404
    client.force_login(essex)
    with django_assert_max_num_queries(40):
        assert "The other organisation will get an email" in text_of(
            client.post(page, form, follow=True)
        )
    client.force_login(world.officer)
    own = text_of(client.get(request_of_kent.assignment.get_absolute_url()))
    assert "1 to confirm" in own
    assert request_of_kent.text in own


def test_the_form_keeps_the_text_that_it_refuses_and_says_when_the_answer_is_due(client, world):
    client.force_login(world.officer)
    url = reverse("body_requests", args=["kent", "3"])
    typed = {"body": "essex", "kind": "lead", "text": "Call 01632 960 123 about the lead."}
    page = text_of(client.post(url, typed))
    assert "“01632 960 123” looks like a telephone number" in page
    assert typed["text"] in page
    page = text_of(client.post(url, typed | {"text": "Agree who leads."}, follow=True))
    due = answer_due_on(london_day(world.now))
    assert f"Request sent to Essex. The answer is due by {due.day} {due:%B %Y}." in page
    assert "Agree who leads." in page
    assert BodyRequest.objects.count() == 1


def test_alerts_and_the_digest_say_who_waits(world, request_of_kent):
    essex = OfficerFactory(
        body=world.forces["Essex"],
    )
    create_alerts(at=world.now)
    kinds = set(Alert.objects.filter(reader=essex).values_list("kind", flat=True))
    assert kinds == {"request_late"}  # the request is older than a week
    assert "1 request waits for you, 1 late" in digest(world, "Essex")
    answer(request_of_kent, "done", at=world.now, by=essex)
    create_alerts(at=world.now)
    told = Alert.objects.filter(reader=world.officer, kind="request_answered")
    assert told.count() == 1
    assert "1 answer waits for you to confirm" in digest(world, "Kent")


def digest(world, force: str) -> str:
    source = DigestSource(world.inspection, on=london_day(world.now))
    since = world.now - timedelta(days=7)
    return str(digest_email(source, world.forces[force], since=since, sees_more=True))


def test_a_renamed_organisation_keeps_its_requests(client, world, request_of_kent):
    essex = world.forces["Essex"]
    essex.name, essex.short_name = "Thames Mouth Police", "Thames Mouth"
    essex.save()
    client.force_login(world.analyst)
    page = client.get(reverse("body_request", args=[request_of_kent.pk]))
    assert "Kent asks Thames Mouth" in text_of(page)
