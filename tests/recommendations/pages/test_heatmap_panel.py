"""What changed on the heatmap since another day, and the panel that explains a cell."""

from datetime import timedelta

import pytest
from django.urls import reverse

from recommendations import rules
from recommendations.actions.change_due_date import change_due_date
from tests.factories import accept, claim
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


def panel_of(client, body: str, number: int, **query: str) -> str:
    return text_of(client.get(reverse("panel", args=[body, number]), query, headers=HTMX))


class TestCompare:
    def test_marks_what_changed_and_counts_it(self, reading, world):
        accept(world.assignment("Essex", 1).latest_update, at=world.now, by=world.analyst)
        claim(world.assignment("Norfolk", 2), at=world.now)
        since = rules.london_day(world.now) - timedelta(days=1)
        text = text_of(reading.get("/heatmap/", {"compare": since.isoformat()}))
        assert "2 cells have changed since the end of" in text
        assert text.count("app-cell--changed") == 2
        assert "Essex 1: implemented; it was evidence submitted" in text
        assert "NS!</span>" in text  # Norfolk 2 was overdue

    def test_counts_a_moved_due_date(self, reading, world):
        to = rules.london_day(world.now) + timedelta(days=90)
        change_due_date(
            assignment=world.assignment("Surrey", 1),
            to=to,
            reason="Agreed.",
            by=world.analyst,
            at=world.now,
        )
        since = rules.london_day(world.now) - timedelta(days=1)
        text = text_of(reading.get("/heatmap/", {"compare": since.isoformat()}))
        assert "1 cell has changed since the end of" in text

    def test_without_a_day_nothing_is_marked(self, reading):
        assert "app-cell--changed" not in text_of(reading.get("/heatmap/"))

    def test_a_day_that_is_none_is_left_out_with_a_note(self, reading):
        text = text_of(reading.get("/heatmap/", {"compare": "yesterday"}))
        assert "not a real date" in text


class TestColumns:
    def test_a_lead_body_narrows_the_columns_and_the_sums(self, reading, world):
        world.recommendations[1].lead_body = world.forces["Kent"]
        world.recommendations[1].save()
        text = text_of(reading.get("/heatmap/", {"lead": "home-office"}))
        assert 'id="column-1"' in text
        assert 'id="column-2"' not in text
        assert "1 of 12 force recommendations" in text  # the national sentence stays national

    def test_a_theme_narrows_the_columns(self, reading, world):
        world.recommendations[2].theme = "Victims"
        world.recommendations[2].save()
        text = text_of(reading.get("/heatmap/", {"theme": "Victims"}))
        assert 'id="column-3"' in text
        assert 'id="column-1"' not in text


class TestPanel:
    def test_says_why_a_cell_is_orange(self, reading):
        text = panel_of(reading, "kent", 2)
        assert "Overdue: the due date passed 12 days ago, and no claim waits for review." in text
        assert 'href="/forces/kent/2/"' in text

    def test_says_when_a_waiting_claim_was_to_be_reviewed(self, reading):
        text = panel_of(reading, "essex", 1)
        assert "A claim waits for an analyst, whose review was due by" in text

    def test_tells_of_a_past_day(self, reading, world):
        then = rules.london_day(world.now) - timedelta(days=100)
        text = panel_of(reading, "kent", 1, as_at=then.isoformat())
        assert "Open, and due in 160 days." in text
        assert f"?as_at={then.isoformat()}" in text

    def test_says_when_nothing_was_assigned_by_then(self, reading, world):
        then = rules.london_day(world.now) - timedelta(days=300)
        assert "Not yet assigned" in panel_of(reading, "kent", 1, as_at=then.isoformat())

    def test_leads_to_the_page_without_htmx(self, reading):
        assert reading.get(reverse("panel", args=["kent", 2])).url == "/forces/kent/2/"

    def test_is_not_there_for_those_who_may_not_read_the_papers(self, client, world):
        client.force_login(world.officer)
        assert client.get(reverse("panel", args=["essex", 1]), headers=HTMX).status_code == 404
        assert client.get(reverse("panel", args=["kent", 1]), headers=HTMX).status_code == 200
