from datetime import timedelta

import pytest

from recommendations import rules
from recommendations.actions.change_due_date import change_due_date
from tests.factories import accept, claim
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def test_each_cell_has_its_status_as_text(analyst_client):
    text = text_of(analyst_client.get("/heatmap/"))
    assert "Kent 2: in progress, returned, overdue" in text
    assert "RT" in text
    assert "Essex 1: evidence submitted" in text


def test_cells_link_only_to_assignments_that_the_reader_may_open(client, world):
    client.force_login(world.officer)
    text = text_of(client.get("/heatmap/"))
    assert 'href="/forces/kent/2/"' in text
    assert 'href="/forces/essex/1/"' not in text
    assert "Essex 1: evidence submitted" in text


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("status=evidence_submitted", "Essex", "Kent"),
        ("flag=at_risk", "Surrey", "Essex"),
        ("text=nor", "Norfolk", "Kent"),
        ("status=evidence_submitted&flag=", "Essex", "Norfolk"),
    ],
)
def test_only_matching_organisations_are_shown(analyst_client, query, shown, hidden):
    text = text_of(analyst_client.get(f"/heatmap/?{query}", headers=HTMX))
    assert f"row-{shown.lower()}" in text
    assert f"row-{hidden.lower()}" not in text


def test_the_page_says_when_nothing_matches(analyst_client):
    text = text_of(analyst_client.get("/heatmap/?text=atlantis"))
    assert "No forces or national organisations match" in text
    assert "Clear the filters" in text


@pytest.mark.parametrize(
    "query",
    ["status=lost", "flag=x", "region=Mars", "rocu=x", "sort=x", "as_at=x", "as_at=2999-01-01"],
)
def test_values_that_are_not_valid_are_ignored_with_a_note(analyst_client, query):
    response = analyst_client.get(f"/heatmap/?{query}")
    assert "govuk-inset-text" in text_of(response)
    assert "row-kent" in text_of(response)


@pytest.mark.parametrize("sort", ["region", "rocu", "most_overdue", "least_done"])
def test_rows_are_sorted_and_grouped(analyst_client, sort):
    text = text_of(analyst_client.get(f"/heatmap/?sort={sort}"))
    assert "row-kent" in text
    assert ("South East" in text.split("results-heading")[1]) == (sort == "region")


def test_a_past_position_can_be_shown(analyst_client, world):
    past = rules.london_day(world.now) - timedelta(days=100)
    text = text_of(analyst_client.get(f"/heatmap/?as_at={past}"))
    assert "0 of 12 force recommendations are implemented" in text
    assert "Position at the end of" in text


def test_links_to_past_months_preserve_the_filter(analyst_client):
    days = analyst_client.get("/heatmap/?flag=overdue").context["days"]
    assert [day.is_current for day in days] == [True] + [False] * (len(days) - 1)
    response = analyst_client.get(days[1].url)
    assert response.context["query"].flag == "overdue"
    assert f"as_at={response.context['query'].as_at}" in days[1].url


def test_a_fragment_is_never_cached_as_the_page(analyst_client):
    for headers in ({}, HTMX):
        assert "HX-Request" in analyst_client.get("/heatmap/", headers=headers)["Vary"]
    assert "<html" in text_of(
        analyst_client.get("/heatmap/", headers={**HTMX, "HX-History-Restore-Request": "true"})
    )


def test_changed_cells_are_highlighted_and_counted(analyst_client, world):
    accept(world.assignment("Essex", 1).latest_update, at=world.now, by=world.analyst)
    claim(world.assignment("Norfolk", 2), at=world.now)
    since = rules.london_day(world.now) - timedelta(days=1)
    text = text_of(analyst_client.get("/heatmap/", {"compare": since.isoformat()}))
    assert "2 cells have changed since the end of" in text
    assert text.count("app-cell--changed") == 2
    assert "Essex 1: implemented; it was evidence submitted" in text
    assert "NS!</span>" in text  # Norfolk 2 was overdue


def test_a_changed_due_date_counts_as_a_change(analyst_client, world):
    to = rules.london_day(world.now) + timedelta(days=90)
    change_due_date(
        assignment=world.assignment("Surrey", 1),
        to=to,
        reason="Agreed.",
        by=world.analyst,
        at=world.now,
    )
    since = rules.london_day(world.now) - timedelta(days=1)
    text = text_of(analyst_client.get("/heatmap/", {"compare": since.isoformat()}))
    assert "1 cell has changed since the end of" in text


def test_nothing_is_highlighted_without_a_day_to_compare(analyst_client):
    assert "app-cell--changed" not in text_of(analyst_client.get("/heatmap/"))


def test_a_day_that_is_not_a_date_is_ignored_with_a_note(analyst_client):
    text = text_of(analyst_client.get("/heatmap/", {"compare": "yesterday"}))
    assert "not a real date" in text


def test_a_lead_organisation_limits_the_columns_and_the_totals(analyst_client, world):
    world.recommendations[1].lead_body = world.forces["Kent"]
    world.recommendations[1].save()
    text = text_of(analyst_client.get("/heatmap/", {"lead": "home-office"}))
    assert 'id="column-1"' in text
    assert 'id="column-2"' not in text
    assert "1 of 12 force recommendations" in text  # the national sentence stays national


def test_a_theme_limits_the_columns(analyst_client, world):
    world.recommendations[2].theme = "Victims"
    world.recommendations[2].save()
    text = text_of(analyst_client.get("/heatmap/", {"theme": "Victims"}))
    assert 'id="column-3"' in text
    assert 'id="column-1"' not in text
