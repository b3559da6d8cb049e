from datetime import date

import pytest

from forces.models import User
from recommendations.dashboards import labels
from recommendations.models import Recommendation
from tests.factories import UserFactory, submit
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


def test_the_recommendations_are_listed_with_their_figures(reading):
    text = text_of(reading.get("/recommendations/"))
    assert "0 of 3 recommendations are implemented by every force." in text
    assert "1 implemented, 1 evidence submitted, 2 not started" in text


class TestRecommendation:
    def test_says_how_many_forces_have_done_it(self, reading):
        assert "1 of 4 forces has implemented it (25%)" in text_of(
            reading.get("/recommendations/1/")
        )

    @pytest.mark.parametrize("number", [0, 4, 999999])
    def test_an_unknown_number_is_not_found(self, reading, number):
        assert reading.get(f"/recommendations/{number}/").status_code == 404

    def test_an_unconfirmed_summary_says_so(self, reading, world):
        assert "Unconfirmed summary" not in text_of(reading.get("/recommendations/1/"))
        Recommendation.objects.update(source_status="theme")
        assert "Unconfirmed summary" in text_of(reading.get("/recommendations/1/"))

    def test_blockers_are_for_those_who_may_open_the_papers(self, client, world):
        submit(world.assignment("Surrey", 3), at=world.now, blockers="No analyst in post.")
        for person, sees in [(world.analyst, True), (world.officer, False)]:
            client.force_login(person)
            text = text_of(client.get("/recommendations/3/"))
            assert ("No analyst in post." in text) == sees


class TestForces:
    def test_are_filtered_by_region(self, reading):
        assert "Kent" in text_of(reading.get("/forces/?region=South East"))

    def test_an_unknown_region_is_left_out_with_a_note(self, reading):
        text = text_of(reading.get("/forces/?region=Mars"))
        assert "There is no such region" in text
        assert "Kent" in text

    def test_national_bodies_stand_apart(self, reading):
        assert "National bodies and their own recommendations" in text_of(reading.get("/forces/"))


class TestForce:
    def test_its_officer_is_told_what_is_owed_first(self, client, world):
        client.force_login(world.officer)
        text = text_of(client.get("/forces/kent/"))
        assert "What you need to do" in text
        owed = text[text.index("What you need to do") : text.index("rows-heading")]
        places = [owed.index(f"{number}. One") for number in (2, 3, 1)]
        assert places == sorted(places)  # overdue and returned, then due today, then done
        assert "Your claim was returned; it was due on" in text
        assert "12 days overdue" in text
        assert 'href="/forces/kent/2/update/"' in text

    def test_another_officer_sees_figures_but_no_papers_and_no_people(self, client, world):
        client.force_login(world.officer)
        text = text_of(client.get("/forces/essex/"))
        assert "Essex has implemented 0 of 3 recommendations" in text
        assert "/forces/essex/1/" not in text
        assert "Liaison officers" not in text
        assert "What you need to do" not in text

    def test_names_its_officers_to_an_analyst_or_warns(self, reading, world):
        assert world.officer.email in text_of(reading.get("/forces/kent/"))
        User.objects.filter(pk=world.officer.pk).update(is_active=False)
        assert "There is no liaison officer" in text_of(reading.get("/forces/kent/"))

    def test_a_national_body_has_a_page_too(self, reading):
        assert "Home Office has implemented 0 of 3" in text_of(reading.get("/forces/home-office/"))

    def test_an_unknown_body_is_not_found(self, reading):
        assert reading.get("/forces/atlantis/").status_code == 404


@pytest.mark.parametrize("path", ["/heatmap/", "/recommendations/", "/forces/"])
def test_without_an_inspection_a_page_says_what_to_do(client, path):
    client.force_login(UserFactory())
    assert "No recommendations yet" in text_of(client.get(path))


def test_days_are_said_in_words():
    assert labels.days_words(date(2020, 12, 31), on=date(2026, 11, 23)) == "2,153 days ago"
    assert labels.days_words(date(2020, 12, 31), on=date(2020, 12, 31)) == "today"
    assert labels.days_words(date(2020, 12, 31), on=date(2020, 12, 30)) == "in 1 day"
