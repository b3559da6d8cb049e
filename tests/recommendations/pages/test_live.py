"""Open national pages ask for what has changed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from recommendations import rules
from tests.factories import accept
from tests.recommendations.pages.pages import text_of
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def reading(client, world):
    client.force_login(world.analyst)
    return client


@pytest.mark.parametrize("page", ["overview", "heatmap"])
def test_nothing_new_costs_three_queries_and_sends_nothing(
    reading, world, page, django_assert_num_queries
):
    poll = reading.get(reverse(page)).context["live"].poll_url
    with django_assert_num_queries(3):
        answer = reading.get(poll, headers=HTMX)
    assert answer.status_code == 204


@pytest.mark.parametrize("page", ["overview", "heatmap"])
def test_a_change_elsewhere_arrives_with_the_next_poll(reading, world, page):
    poll = reading.get(reverse(page)).context["live"].poll_url
    accept(world.assignment("Essex", 1).latest_update, at=world.now, by=world.analyst)
    text = text_of(reading.get(poll, headers=HTMX))
    assert "2 of 12 force recommendations are implemented" in text
    assert "Figures brought up to date" in text
    assert "<html" not in text


def test_can_be_stopped_and_started(reading):
    stopped = text_of(reading.get("/heatmap/?live=off&flag=overdue"))
    assert "every 3s" not in stopped
    assert 'href="/heatmap/?flag=overdue">Start live updates' in stopped


def test_a_past_day_does_not_move(reading, world):
    past = rules.london_day(world.now) - timedelta(days=30)
    assert "every 3s" not in text_of(reading.get(f"/heatmap/?as_at={past}"))
