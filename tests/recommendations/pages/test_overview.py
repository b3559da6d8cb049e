"""The overview: its sentences, who is led elsewhere, and days that make no sense."""

import pytest

from forces.models import Role
from tests.factories import UserFactory
from tests.recommendations.pages.pages import text_of
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def reading(client, world):
    client.force_login(world.analyst)
    return client


def test_begins_with_the_figures_in_one_sentence(reading):
    text = text_of(reading.get("/"))
    assert "1 of 12 force recommendations is implemented (8%). 4 are overdue." in text
    assert "National bodies: 0 of 3 recommendations of their own implemented, 1 overdue." in text


def test_leads_an_officer_to_the_own_body(client, world):
    client.force_login(world.officer)
    assert client.get("/").url == "/forces/kent/"


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "9999-12-31", "2026-02-30", "x"])
def test_a_day_that_makes_no_sense_gets_a_note(reading, day):
    assert "so this is the position today" in text_of(reading.get("/", {"as_at": day}))


def test_opens_nothing_for_an_observer_of_no_body(client, world):
    client.force_login(UserFactory(role=Role.OBSERVER))
    assert "/forces/kent/2/" not in text_of(client.get("/"))


def test_says_that_there_is_no_inspection(client):
    client.force_login(UserFactory())
    assert "No recommendations yet" in text_of(client.get("/"))


def test_marks_a_late_review(reading):
    assert "Review late" in text_of(reading.get("/"))
