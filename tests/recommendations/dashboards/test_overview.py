"""The parts of the overview that compare: ages of what is overdue, the week's movements."""

from datetime import timedelta

import pytest
from django.urls import reverse

from recommendations import rules
from recommendations.dashboards.overview.movements import movements
from recommendations.dashboards.overview.overdue_ages import overdue_by_age
from recommendations.positions import positions
from recommendations.positions.national import load
from tests.factories import AssignmentFactory, RecommendationFactory, accept, claim
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def test_ages_are_cut_at_30_and_90_days(world):
    today = rules.london_day(world.now)
    body = world.forces["Norfolk"]
    for number, days in enumerate([1, 30, 31, 90, 91, 400, 0], 10):
        due_on = today - timedelta(days=days)
        recommendation = RecommendationFactory(
            inspection=world.inspection, number=number, due_on=due_on
        )
        AssignmentFactory(recommendation=recommendation, body=body)
    found = positions.today(world.inspection, on=today, body=body)
    ages = overdue_by_age(each for each in found if each.number >= 10)
    assert [(band.label, band.count) for band in ages.bands] == [
        ("1 to 30 days", 2),
        ("31 to 90 days", 2),
        ("over 90 days", 2),
    ]
    assert ages.message == "2 of 6 overdue for more than 90 days"
    assert ages.bar.label == "2 1 to 30 days, 2 31 to 90 days, 2 over 90 days"


def test_nothing_overdue_is_said(world):
    assert overdue_by_age([]).message == "Nothing is overdue"


def test_movements_are_told_the_largest_first(world):
    today = rules.london_day(world.now)
    accept(world.assignment("Essex", 1).latest_update, at=world.now, by=world.analyst)
    claim(world.assignment("Essex", 2), at=world.now)
    accept(claim(world.assignment("Norfolk", 2), at=world.now), at=world.now, by=world.analyst)
    picture = load(world.inspection, today=today)
    before = positions.as_at(world.inspection, on=today - timedelta(days=7))
    told = [(each.body, each.sentence) for each in movements(picture, before=before)]
    assert told == [
        ("Essex", "1 more implemented, 1 fewer overdue"),
        ("Norfolk", "1 more implemented, 1 fewer overdue"),
    ]


def test_the_overview_of_a_past_day_is_as_it_was(world, client):
    accept(world.assignment("Essex", 1).latest_update, at=world.now, by=world.analyst)
    client.force_login(world.analyst)
    yesterday = rules.london_day(world.now) - timedelta(days=1)
    text = client.get(reverse("overview"), {"as_at": yesterday.isoformat()}).content.decode()
    assert "1 of 12 force recommendations is implemented" in text
    assert "Position at the end of" in text
    assert "hx-get" not in text.partition('id="results"')[2]
    today = client.get(reverse("overview"), {"as_at": "31 June"}).content.decode()
    assert "2 of 12 force recommendations are implemented" in today
    assert "not a real date" in today
