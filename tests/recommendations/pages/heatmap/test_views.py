import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from recommendations import rules
from recommendations.actions.amend_recommendation import amend_recommendation
from recommendations.actions.change_due_date import change_due_date
from recommendations.models import Inspection
from tests.factories import RecommendationFactory, accept, claim
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


@pytest.mark.parametrize("query", ["status=lost", "as_at=x", "as_at=2999-01-01"])
def test_values_that_are_not_valid_are_ignored_with_a_note(analyst_client, query):
    response = analyst_client.get(f"/heatmap/?{query}")
    assert "govuk-inset-text" in text_of(response)
    assert "row-kent" in text_of(response)


def names_of(text: str) -> list[str]:
    """Return the slugs of the forces and organisations shown, in order."""
    return re.findall('id="row-([^"]+)"', text)


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("", "essex"),
        ("name", "essex"),
        ("-name", "surrey"),
        ("-done", "kent"),
        ("done", "essex"),
        ("least_done", "essex"),  # as saved before the heads sorted
        ("waiting", "kent"),
        ("-contact", "norfolk"),
    ],
)
def test_the_forces_are_sorted_and_the_national_organisations_are_last(analyst_client, sort, first):
    names = names_of(text_of(analyst_client.get(f"/heatmap/?sort={sort}")))
    assert names[0] == first
    assert names[-1] == "home-office"


def test_the_heads_sort_and_keep_the_filters(analyst_client):
    text = text_of(analyst_client.get("/heatmap/?flag=overdue&sort=-done"))
    assert 'href="/heatmap/?flag=overdue&sort=done">Done' in text
    assert text.count('aria-sort="descending"') == 1
    assert '<option value="-done" selected>' in text


@pytest.mark.parametrize("sort", ["region", "rocu"])
def test_a_group_has_a_line_with_its_totals(analyst_client, sort):
    text = text_of(analyst_client.get(f"/heatmap/?sort={sort}"))
    assert text.count('scope="rowgroup"') > 1
    assert re.search("<td>1/[1-4]</td><td>0/[1-4]</td>", text)


def test_a_past_position_can_be_shown(analyst_client, world):
    past = rules.london_day(world.now) - timedelta(days=100)
    text = text_of(analyst_client.get(f"/heatmap/?as_at={past}"))
    assert "0 of 12 force recommendations are implemented" in text
    assert "Position at the end of" in text


def times_in(text: str) -> str:
    return text.split('class="app-times__list"')[1].split("</nav>")[0]


def test_the_stops_of_the_time_line_preserve_the_filter(analyst_client):
    stops = times_in(text_of(analyst_client.get("/heatmap/?flag=overdue&sort=region")))
    assert stops.count("<li>") == 7
    assert re.search(r'href="([^"]+)" aria-current="true">Today', stops)[1] == (
        "/heatmap/?flag=overdue&sort=region"
    )
    past = re.findall('href="([^"]+)"', stops)[5]
    query = analyst_client.get(past).context["query"]
    assert (query.flag, query.sort) == ("overdue", "region")
    assert query.as_at is not None


def test_the_stops_say_how_many_were_implemented_among_those_shown(analyst_client):
    for query, done in (("", 1), ("?text=kent", 1), ("?text=norfolk", 0)):
        stops = times_in(text_of(analyst_client.get(f"/heatmap/{query}")))
        assert re.findall("</span>([0-9]+)<span", stops)[-1] == str(done)


def test_the_links_of_a_past_day_lead_to_that_day(analyst_client, world):
    past = rules.london_day(world.now) - timedelta(days=100)
    text = text_of(analyst_client.get(f"/heatmap/?as_at={past}"))
    for path in ("/forces/kent/", "/forces/kent/2/", "/recommendations/2/"):
        assert f'href="{path}?as_at={past}"' in text
        assert f'href="{path}"' not in text


def test_each_filter_has_a_tag_that_takes_it_away(analyst_client, world):
    past = rules.london_day(world.now) - timedelta(days=100)
    response = analyst_client.get(f"/heatmap/?region=South+East&sort=-done&as_at={past}")
    chips = {chip.text: chip.href for chip in response.context["chips"]}
    assert chips["Region: South East"] == f"/heatmap/?sort=-done&as_at={past}"
    assert chips["Order: Most implemented"] == f"/heatmap/?region=South+East&as_at={past}"
    assert len(chips) == 2
    assert f'href="/heatmap/?as_at={past}">Clear all' in text_of(response)


def test_another_day_is_a_whole_page_because_its_links_keep_the_day(analyst_client, world):
    past = rules.london_day(world.now) - timedelta(days=100)
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/heatmap/?sort=-done"}
    address = f"/heatmap/?sort=-done&as_at={past}"
    assert analyst_client.get(address, headers=headers)["HX-Redirect"] == address
    assert "HX-Redirect" not in analyst_client.get("/heatmap/?region=Wales", headers=headers)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("region=South+East", "In South East: "),
        ("text=kent", "In Kent: 1 of 3 is implemented (33%). 1 is overdue in 1 force."),
        ("flag=at_risk", "In Surrey: "),
        ("flag=overdue", "In the 4 forces shown: "),
    ],
)
def test_the_sentence_counts_what_is_shown(analyst_client, query, sentence):
    assert sentence in text_of(analyst_client.get(f"/heatmap/?{query}"))


def test_a_status_or_flag_marks_the_cells_that_match(analyst_client):
    text = text_of(analyst_client.get("/heatmap/?flag=overdue"))
    marked = re.findall('<td class="app-cell app-cell--(?!quiet|none)([^"]+)"', text)
    assert f"{len(marked)} cells are overdue." in text
    assert all("app-cell--overdue" in classes for classes in marked)
    assert "app-cell--quiet" not in text_of(analyst_client.get("/heatmap/"))


def test_a_row_says_what_waits_and_when_the_last_update_was(analyst_client):
    text = text_of(analyst_client.get("/heatmap/"))
    kent = text.split('id="row-kent"')[1].split("</tr>")[0]
    waiting, overdue, days = re.findall(">([^<]+)<", kent)[-3:]
    assert (waiting, overdue) == ("0", "1")
    assert int(days) > 0


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
    assert '<span class="app-cell__from">EV→</span>IM' in text
    assert "app-cell--implemented" in text  # colour is left to what has changed
    assert text.count("app-cell--quiet") + 2 == text.count('<td class="app-cell') - text.count(
        "app-cell--none"
    )


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
    text = text_of(analyst_client.get("/heatmap/", {"compare_day": since.isoformat()}))
    assert "1 cell has changed since the end of" in text
    assert re.search('app-cell--changed">.*?[A-Z]{2}\\*<', text)


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
    assert "In the recommendations shown: " in text


def test_a_theme_limits_the_columns(analyst_client, world):
    world.recommendations[2].theme = "Victims"
    world.recommendations[2].save()
    text = text_of(analyst_client.get("/heatmap/", {"theme": "Victims"}))
    assert 'id="column-3"' in text
    assert 'id="column-1"' not in text


def test_a_past_day_shows_whether_forces_were_asked_then(analyst_client, world):
    recommendation = RecommendationFactory(
        inspection=world.inspection, number=4, force_ask="", force_done_when=""
    )
    amend_recommendation(
        recommendation=recommendation,
        force_ask="Train officers.",
        force_done_when="All are trained.",
        by=world.analyst,
        at=world.now,
    )
    today = rules.london_day(world.now)
    past = text_of(analyst_client.get(f"/heatmap/?as_at={today - timedelta(days=1)}"))
    assert past.count("NA<span") == 4
    assert "NA<span" not in text_of(analyst_client.get("/heatmap/"))


def test_a_recommendation_without_an_ask_is_not_asked_and_not_counted(analyst_client):
    inspection = Inspection.objects.get()
    RecommendationFactory(inspection=inspection, number=4, force_ask="", force_done_when="")
    text = text_of(analyst_client.get("/heatmap/?sort=region"))
    table = BeautifulSoup(text, "html.parser").select_one(".app-heatmap")
    column = [row.find_all(["td", "th"])[4] for row in table.select("tr:has(.app-heatmap__row)")]
    assert [cell.text for cell in column[:2]] == ["\u2013"] * 2
    assert [cell.text for cell in column[2:]] == [*["NA, not asked"] * 4, "not assigned"]
    assert table.select_one("thead .app-only-desk").text == ", of 4"
    assert "1 of 12 force recommendations is implemented" in text
    assert "Not asked" in BeautifulSoup(text, "html.parser").select_one("ul.app-legend").text
    listed = text_of(analyst_client.get("/recommendations/"))
    assert "of 3 recommendations" in listed
    assert "Forces are not asked to do anything for 1." in listed
    file = text_of(analyst_client.get("/downloads/heatmap/heatmap.csv"))
    assert file.count(",Not asked,") == 4
