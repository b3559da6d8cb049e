"""Setting an absence on one's own page or as an administrator, and declining to stand in."""

from datetime import timedelta

import pytest
from django.test import Client

from forces.accounts.emails import send_queued
from recommendations.actions.absences import set_absence
from recommendations.models import Absence
from recommendations.rules import london_day
from tests.factories import OfficerFactory
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db
OWN = "/digests/mine/"


@pytest.fixture
def colleague(world):
    return OfficerFactory(name="Sam Lee", body=world.forces["Kent"])


def form(stand_in: object, *, until: tuple[int, int, int] = (4, 12, 2026)) -> dict[str, object]:
    parts = ("day", "month", "year")
    first = dict(zip((f"from_on_{part}" for part in parts), (26, 11, 2026), strict=True))
    last = dict(zip((f"until_on_{part}" for part in parts), until, strict=True))
    return {"act": "absence", "stand_in": stand_in, **first, **last}


def test_a_person_sets_and_ends_their_own(client, world, colleague):
    client.force_login(world.officer)
    page = text_of(client.post(OWN, form(colleague.pk), follow=True))
    assert "You are away from 26 November until 4 December. Sam Lee stands in." in page
    assert Absence.objects.get().set_by == world.officer
    page = text_of(client.post(OWN, {"act": "back"}, follow=True))
    assert "The absence has been ended." in page
    assert not Absence.objects.exists()


def test_errors_are_next_to_the_fields(client, world, colleague):
    client.force_login(world.officer)
    page = text_of(client.post(OWN, form(world.lead_officer.pk, until=(31, 2, 2027))))
    assert "<title>Error: Email preferences" in page
    assert "Select a stand-in from the list" in page
    assert "Last day away must be a real date" in page
    page = text_of(client.post(OWN, form("", until=(1, 11, 2026))))
    assert "The last day must be today or later, and not before the first day." in page
    assert not Absence.objects.exists()


def test_only_an_administrator_sets_somebody_else_s(world, colleague, administrator):
    client, path = Client(), f"/people/{world.officer.pk}/"
    for person in (colleague, world.analyst, world.observer):
        client.force_login(person)
        assert client.post(path, form("")).status_code == 404
        client.post(OWN, form("") | {"person": world.officer.pk})
    assert not Absence.objects.filter(person=world.officer).exists()
    page = text_of(administrator.post(path, form(colleague.pk), follow=True))
    assert "Sam Lee stands in." in page
    assert Absence.objects.get(person=world.officer).set_by == world.administrator


def test_a_stand_in_is_emailed_and_declines_with_one_click(client, world, colleague, mailoutbox):
    on = london_day(world.now)
    days = {"from_on": on, "until_on": on}
    set_absence(person=world.officer, stand_in=colleague, by=world.officer, at=world.now, **days)
    third = OfficerFactory(body=world.forces["Kent"])
    client.force_login(third)
    fields = {"act": "decline", "person": world.officer.pk}
    assert client.post(OWN, fields).status_code == 404
    client.force_login(colleague)
    assert "You are standing in for Kay Ent until" in text_of(client.get(OWN))
    assert "You do not stand in for Kay Ent." in text_of(client.post(OWN, fields, follow=True))
    assert client.post(OWN, fields).status_code == 404
    send_queued(at=world.now + timedelta(minutes=1))
    named, declined = mailoutbox
    assert (named.to, declined.to) == ([colleague.email], [world.officer.email])
    assert named.subject.startswith("You are to stand in for Kay Ent, 25 November 2026")
    assert "Sam Lee cannot stand in for you." in declined.body
    assert "http://localhost:8000/digests/mine/" in named.body
