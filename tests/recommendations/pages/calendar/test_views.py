"""Due dates are in a calendar feed, at a private address that can be revoked."""

import re
from datetime import timedelta

import icalendar
import pytest
import time_machine
import vobject
from django.conf import settings
from django.test import Client
from django.urls import reverse

from forces.models import AuditEvent, CalendarFeed, User
from recommendations import rules
from recommendations.actions.amend_recommendation import amend_recommendation
from recommendations.actions.change_due_date import change_due_date
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(world, client) -> Client:
    client.force_login(world.officer)
    return client


def create_address(client, slug: str = "kent") -> str:
    """The path of a new private address."""
    page = text_of(client.post(reverse("calendar_feed", args=[slug]), {"action": "make"}))
    address = re.search(re.escape(settings.BASE_URL.rstrip("/")) + r"(/calendar/[\w-]+\.ics)", page)
    return address[1]


def calendar_at(path: str) -> icalendar.Calendar:
    response = Client().get(path)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return icalendar.Calendar.from_ical(response.content)


def events(path: str) -> dict[str, icalendar.Event]:
    return {str(event["summary"]): event for event in calendar_at(path).walk("VEVENT")}


def test_open_due_dates_are_in_the_feed_without_sign_in(officer, world):
    calendar_events = events(create_address(officer))
    titles = [
        f"{recommendation} (Kent)" for recommendation in world.recommendations[1:]
    ]  # the first is implemented
    assert set(calendar_events) == {f"Demonstration: due: {title}" for title in titles}
    event = calendar_events[f"Demonstration: due: {titles[0]}"]
    assert event.decoded("dtstart") == world.recommendations[1].due_on
    assert "overdue" in str(event["description"])
    assert "The evidence is missing." not in str(event)


def test_another_library_reads_a_valid_calendar(officer, world):
    content = Client().get(create_address(officer)).content
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert content.count(b"\n") == content.count(b"\r\n")
    calendar = vobject.readOne(content.decode())
    assert calendar.validate(raiseException=True)
    expected = {rec.due_on for rec in world.recommendations[1:]}
    assert {event.dtstart.value for event in calendar.vevent_list} == expected
    for event in calendar.vevent_list:
        assert event.validate(raiseException=True)
        assert event.dtstamp.value.utcoffset() == timedelta(0)
        assert event.dtend.value - event.dtstart.value == timedelta(days=1)


def test_an_event_keeps_its_id_when_its_date_changes(officer, world):
    path = create_address(officer)
    before = {str(event["uid"]) for event in events(path).values()}
    to = rules.london_day(world.now) + timedelta(days=90)
    assignment = world.assignment("Kent", 2)
    change_due_date(assignment=assignment, to=to, reason="Agreed.", by=world.analyst, at=world.now)
    after = events(path)
    assert {str(event["uid"]) for event in after.values()} == before
    assert to in {event.decoded("dtstart") for event in after.values()}


def test_the_sequence_rises_with_every_change_of_the_text_and_every_day(officer, world):
    path = create_address(officer)

    def sequences() -> set[int]:
        return {int(event["sequence"]) for event in events(path).values()}

    [first] = sequences()
    retitled = world.recommendations[1]
    amend_recommendation(
        recommendation=retitled,
        title="A new title",
        reason="Typo.",
        by=world.administrator,
        at=world.now,
    )
    [second] = sequences()
    assert second > first
    with time_machine.travel(world.now + timedelta(days=1)):
        [third] = sequences()
    assert third > second


def test_the_feed_has_a_name_and_says_how_often_to_fetch_it(officer):
    calendar = calendar_at(create_address(officer))
    assert calendar["name"] == calendar["x-wr-calname"] == "Due dates of Kent (demonstration)"
    assert calendar["refresh-interval"].to_ical() == b"PT6H"
    assert calendar["refresh-interval"].params["value"] == "DURATION"
    assert calendar["x-published-ttl"] == "PT6H"
    for event in calendar.walk("VEVENT"):
        assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(days=1)


def test_an_unchanged_feed_is_not_sent_twice(officer, world):
    path = create_address(officer)
    etag = Client().get(path)["ETag"]
    assert Client().get(path, headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("how", ["revoked", "replaced"])
def test_an_address_that_is_no_longer_valid_is_not_found(officer, world, how):
    path = create_address(officer)
    if how == "revoked":
        officer.post(reverse("calendar_feed", args=["kent"]), {"action": "revoke"})
    else:
        create_address(officer)
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("change", ["left", "moved", "new role", "new password"])
def test_an_address_ends_with_a_change_of_access_and_does_not_come_back(officer, world, change):
    path = create_address(officer)
    person = User.objects.get(pk=world.officer.pk)
    if change == "left":
        person.is_active = False
    elif change == "moved":
        person.body = world.forces["Essex"]
    elif change == "new role":
        person.role = "chief_officer"
    else:
        person.set_password("another password")
    person.save()
    assert Client().get(path).status_code == 404
    world.officer.save()  # all as it was
    assert Client().get(path).status_code == 404


def test_the_secret_is_not_stored(officer, world):
    path = create_address(officer)
    secret = path.removeprefix("/calendar/").removesuffix(".ics")
    officer.get(path)
    Client().get(f"/calendar/{'x' * 43}.ics")
    stored = str(list(CalendarFeed.objects.values())) + str(list(AuditEvent.objects.values()))
    assert secret not in stored
    assert secret not in text_of(officer.get("/forces/kent/"))
    assert {"calendar address made"} <= set(AuditEvent.objects.values_list("act", flat=True))


def test_only_people_with_access_to_the_updates_get_an_address(officer, world):
    url = reverse("calendar_feed", args=["essex"])
    assert officer.post(url, {"action": "make"}).status_code == 404
    assert "Put the due dates in your calendar" not in text_of(officer.get("/forces/essex/"))
    assert "Put the due dates in your calendar" in text_of(officer.get("/forces/kent/"))
