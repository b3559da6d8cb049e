"""The heatmap: cells, links, filters, sorting, past days."""

from datetime import timedelta

import pytest

from recommendations import rules
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


def test_says_each_cell_in_words(reading):
    text = text_of(reading.get("/heatmap/"))
    assert "Kent 2: in progress, overdue" in text
    assert "Essex 1: evidence submitted" in text


def test_links_only_to_the_papers_of_the_readers_body(client, world):
    client.force_login(world.officer)
    text = text_of(client.get("/heatmap/"))
    assert 'href="/forces/kent/2/"' in text
    assert 'href="/forces/essex/1/"' not in text
    assert "Essex 1: evidence submitted" in text


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ("status=evidence_submitted", "Essex", "Kent"),
        ("flag=at_risk", "Surrey", "Essex"),
        ("text=nor", "Norfolk", "Kent"),
        ("status=evidence_submitted&flag=", "Essex", "Norfolk"),
    ],
)
def test_shows_the_bodies_that_match(reading, query, there, not_there):
    text = text_of(reading.get(f"/heatmap/?{query}", headers=HTMX))
    assert f"row-{there.lower()}" in text
    assert f"row-{not_there.lower()}" not in text


def test_says_when_nothing_matches(reading):
    text = text_of(reading.get("/heatmap/?text=atlantis"))
    assert "No forces or national bodies match" in text
    assert "Clear the filters" in text


@pytest.mark.parametrize(
    "query",
    ["status=lost", "flag=x", "region=Mars", "rocu=x", "sort=x", "as_at=x", "as_at=2999-01-01"],
)
def test_leaves_out_what_makes_no_sense_and_says_so(reading, query):
    answer = reading.get(f"/heatmap/?{query}")
    assert "govuk-inset-text" in text_of(answer)
    assert "row-kent" in text_of(answer)


@pytest.mark.parametrize("sort", ["region", "rocu", "most_overdue", "least_done"])
def test_is_sorted_and_grouped(reading, sort):
    text = text_of(reading.get(f"/heatmap/?sort={sort}"))
    assert "row-kent" in text
    assert ("South East" in text.split("results-heading")[1]) == (sort == "region")


def test_a_past_position_is_shown_as_it_was(reading, world):
    past = rules.london_day(world.now) - timedelta(days=100)
    text = text_of(reading.get(f"/heatmap/?as_at={past}"))
    assert "0 of 12 force recommendations are implemented" in text
    assert "Position at the end of" in text


def test_past_months_are_links_that_keep_the_filter(reading):
    days = reading.get("/heatmap/?flag=overdue").context["days"]
    assert [day.is_current for day in days] == [True] + [False] * (len(days) - 1)
    answer = reading.get(days[1].url)
    assert answer.context["query"].flag == "overdue"
    assert f"as_at={answer.context['query'].as_at}" in days[1].url


def test_a_fragment_is_never_taken_for_the_page(reading):
    for headers in ({}, HTMX):
        assert "HX-Request" in reading.get("/heatmap/", headers=headers)["Vary"]
    assert "<html" in text_of(
        reading.get("/heatmap/", headers={**HTMX, "HX-History-Restore-Request": "true"})
    )
