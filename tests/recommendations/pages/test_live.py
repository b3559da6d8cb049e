from datetime import timedelta

import pytest
from django.urls import reverse

from recommendations import rules
from tests.factories import accept
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize("page", ["overview", "heatmap"])
def test_a_poll_without_changes_takes_three_queries_and_returns_204(
    analyst_client, world, page, django_assert_num_queries
):
    poll = analyst_client.get(reverse(page)).context["live"].poll_url
    with django_assert_num_queries(3):
        response = analyst_client.get(poll, headers=HTMX)
    assert response.status_code == 204


@pytest.mark.parametrize("page", ["overview", "heatmap"])
def test_a_change_arrives_with_the_next_poll(analyst_client, world, page):
    poll = analyst_client.get(reverse(page)).context["live"].poll_url
    accept(world.assignment("Essex", 1).latest_update, at=world.now, by=world.analyst)
    text = text_of(analyst_client.get(poll, headers=HTMX))
    assert "2 of 12 force recommendations are implemented" in text
    assert "Figures updated at" in text
    assert "<html" not in text


def test_live_updates_can_be_stopped_and_started(analyst_client):
    stopped = text_of(analyst_client.get("/heatmap/?live=off&flag=overdue"))
    assert "every 3s" not in stopped
    assert 'href="/heatmap/?flag=overdue">Start live updates' in stopped


def test_a_past_day_has_no_live_updates(analyst_client, world):
    past = rules.london_day(world.now) - timedelta(days=30)
    assert "every 3s" not in text_of(analyst_client.get(f"/heatmap/?as_at={past}"))
