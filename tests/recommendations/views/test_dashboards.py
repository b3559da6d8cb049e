from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from forces.models import Role
from recommendations import rules
from tests.factories import AssignmentFactory, ForceFactory, UserFactory, accept
from tests.recommendations.views.pages import text_of
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


class TestOverview:
    def test_begins_with_the_figures_in_one_sentence(self, reading):
        text = text_of(reading.get("/"))
        assert "1 of 12 force recommendations is implemented (8%). 4 are overdue." in text
        assert (
            "National bodies: 0 of 3 recommendations of their own implemented, 1 overdue." in text
        )

    def test_leads_an_officer_to_the_own_body(self, client, world):
        client.force_login(world.officer)
        assert client.get("/").url == "/forces/kent/"

    @pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "9999-12-31", "2026-02-30", "x"])
    def test_a_day_that_makes_no_sense_gets_a_note(self, reading, day):
        assert "so this is the position today" in text_of(reading.get("/", {"as_at": day}))

    def test_opens_nothing_for_an_observer_of_no_body(self, client, world):
        client.force_login(UserFactory(role=Role.OBSERVER))
        assert "/forces/kent/2/" not in text_of(client.get("/"))

    def test_says_that_there_is_no_inspection(self, client):
        client.force_login(UserFactory())
        assert "No recommendations yet" in text_of(client.get("/"))

    def test_marks_a_late_review(self, reading):
        assert "Review late" in text_of(reading.get("/"))


class TestLive:
    @pytest.mark.parametrize("page", ["overview", "heatmap"])
    def test_nothing_new_costs_three_queries_and_sends_nothing(
        self, reading, world, page, django_assert_num_queries
    ):
        poll = reading.get(reverse(page)).context["live"].poll_url
        with django_assert_num_queries(3):
            answer = reading.get(poll, headers=HTMX)
        assert answer.status_code == 204

    @pytest.mark.parametrize("page", ["overview", "heatmap"])
    def test_a_change_elsewhere_arrives_with_the_next_poll(self, reading, world, page):
        poll = reading.get(reverse(page)).context["live"].poll_url
        accept(world.assignment("Essex", 1).latest_update, at=world.now, by=world.analyst)
        text = text_of(reading.get(poll, headers=HTMX))
        assert "2 of 12 force recommendations are implemented" in text
        assert "Figures brought up to date" in text
        assert "<html" not in text

    def test_can_be_stopped_and_started(self, reading):
        stopped = text_of(reading.get("/heatmap/?live=off&flag=overdue"))
        assert "every 3s" not in stopped
        assert 'href="/heatmap/?flag=overdue">Start live updates' in stopped

    def test_a_past_day_does_not_move(self, reading, world):
        past = rules.london_day(world.now) - timedelta(days=30)
        assert "every 3s" not in text_of(reading.get(f"/heatmap/?as_at={past}"))


class TestHeatmap:
    def test_says_each_cell_in_words(self, reading):
        text = text_of(reading.get("/heatmap/"))
        assert "Kent 2: in progress, overdue" in text
        assert "Essex 1: evidence submitted" in text

    def test_links_only_to_the_papers_of_the_readers_body(self, client, world):
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
    def test_shows_the_bodies_that_match(self, reading, query, there, not_there):
        text = text_of(reading.get(f"/heatmap/?{query}", headers=HTMX))
        assert f"row-{there.lower()}" in text
        assert f"row-{not_there.lower()}" not in text

    def test_says_when_nothing_matches(self, reading):
        text = text_of(reading.get("/heatmap/?text=atlantis"))
        assert "No forces or national bodies match" in text
        assert "Clear the filters" in text

    @pytest.mark.parametrize(
        "query",
        ["status=lost", "flag=x", "region=Mars", "rocu=x", "sort=x", "as_at=x", "as_at=2999-01-01"],
    )
    def test_leaves_out_what_makes_no_sense_and_says_so(self, reading, query):
        answer = reading.get(f"/heatmap/?{query}")
        assert "govuk-inset-text" in text_of(answer)
        assert "row-kent" in text_of(answer)

    @pytest.mark.parametrize("sort", ["region", "rocu", "most_overdue", "least_done"])
    def test_is_sorted_and_grouped(self, reading, sort):
        text = text_of(reading.get(f"/heatmap/?sort={sort}"))
        assert "row-kent" in text
        assert ("South East" in text.split("results-heading")[1]) == (sort == "region")

    def test_a_past_position_is_shown_as_it_was(self, reading, world):
        past = rules.london_day(world.now) - timedelta(days=100)
        text = text_of(reading.get(f"/heatmap/?as_at={past}"))
        assert "0 of 12 force recommendations are implemented" in text
        assert "Position at the end of" in text

    def test_past_months_are_links_that_keep_the_filter(self, reading):
        days = reading.get("/heatmap/?flag=overdue").context["days"]
        assert [day.is_current for day in days] == [True] + [False] * (len(days) - 1)
        answer = reading.get(days[1].url)
        assert answer.context["query"].flag == "overdue"
        assert f"as_at={answer.context['query'].as_at}" in days[1].url

    def test_a_fragment_is_never_taken_for_the_page(self, reading):
        for headers in ({}, HTMX):
            assert "HX-Request" in reading.get("/heatmap/", headers=headers)["Vary"]
        assert "<html" in text_of(
            reading.get("/heatmap/", headers={**HTMX, "HX-History-Restore-Request": "true"})
        )


@pytest.mark.parametrize(
    "path",
    ["/", "/heatmap/", "/heatmap/?flag=overdue", "/recommendations/", "/recommendations/1/",
     "/forces/", "/forces/kent/"],
)  # fmt: skip
def test_more_rows_need_no_more_queries(reading, world, path):
    reading.get(path)
    with CaptureQueriesContext(connection) as few:
        reading.get(path)
    for _ in range(6):
        body = ForceFactory()
        for recommendation in world.recommendations:
            AssignmentFactory(recommendation=recommendation, body=body)
    with CaptureQueriesContext(connection) as many:
        assert reading.get(path).status_code == 200
    assert len(many) == len(few) <= 16
