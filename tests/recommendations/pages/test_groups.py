"""Regions and units, a force beside its group, and a recommendation's obstacles and accounts."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from forces.models import Region
from recommendations import rules
from recommendations.actions.change_due_date import change_due_date
from recommendations.charts.steps import ladder
from recommendations.dashboards.register.recommendation import month_ends
from recommendations.positions import counts, positions
from tests.factories import AssignmentFactory, ForceFactory, submit
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


class TestGroups:
    def test_a_region_shows_its_forces_and_no_other(self, reading, world):
        wales = Region.objects.create(name="Wales")
        world.forces["Norfolk"].region = wales
        world.forces["Norfolk"].save()
        text = text_of(reading.get(reverse("region", args=["wales"])))
        assert "The only force of Wales has implemented 0 of 3 recommendations (0%)." in text
        assert "row-norfolk" in text
        assert "row-kent" not in text
        south = text_of(reading.get(reverse("region", args=["south-east"])))
        assert "The 3 forces of South East have implemented 1 of 9" in south

    def test_a_unit_shows_its_forces(self, reading):
        assert "The 4 forces of Eastern" in text_of(reading.get(reverse("rocu", args=["eastern"])))

    @pytest.mark.parametrize("kind", ["region", "rocu"])
    def test_what_is_no_group_is_not_found(self, reading, kind):
        assert reading.get(reverse(kind, args=["atlantis"])).status_code == 404

    def test_a_force_stands_beside_medians(self, reading):
        answer = reading.get("/forces/kent/")
        own = {row.label: (row.own, row.group, row.country) for row in answer.context["beside"]}
        assert own["Implemented"] == ("1", "0", "0")
        assert own["Overdue"] == ("1", "1", "1")
        assert 'href="/regions/south-east/"' in text_of(answer)

    def test_an_officer_sees_the_figures_and_no_papers_of_others(self, client, world):
        client.force_login(world.officer)
        text = text_of(client.get(reverse("region", args=["south-east"])))
        assert "row-essex" in text
        assert 'href="/forces/essex/1/"' not in text


class TestRecommendation:
    def test_counts_what_stands_in_the_way(self, reading, world):
        now = world.now
        for name, causes in {"Essex": ["funding"], "Norfolk": ["funding", "people"]}.items():
            submit(world.assignment(name, 3), at=now, blocker_causes=causes, blockers="Money.")
        text = text_of(reading.get("/recommendations/3/"))
        assert "Funding is named most: by 2 of 3 bodies that still work on it" in text
        assert text.index(">Funding</th>") < text.index(">Not enough people</th>")

    def test_the_accounts_are_read_in_one_flow(self, reading, world):
        submit(world.assignment("Essex", 3), at=world.now, account="Patrols have begun.")
        text = text_of(reading.get(reverse("accounts", args=[3])))
        assert "Patrols have begun." in text
        assert "2 accounts, the newest first." in text

    def test_accounts_of_other_bodies_are_not_told_to_an_officer(self, client, world):
        submit(world.assignment("Essex", 3), at=world.now, account="Patrols have begun.")
        change_due_date(
            assignment=world.assignment("Essex", 3),
            to=rules.london_day(world.now) + timedelta(days=30),
            reason="A secret reason.",
            by=world.analyst,
            at=world.now,
        )
        client.force_login(world.officer)
        assert "Patrols have begun." not in text_of(client.get(reverse("accounts", args=[3])))
        assert "A secret reason." not in text_of(client.get("/recommendations/3/"))

    def test_due_dates_that_moved_are_told(self, reading, world):
        change_due_date(
            assignment=world.assignment("Essex", 3),
            to=rules.london_day(world.now) + timedelta(days=30),
            reason="Agreed with the unit.",
            by=world.analyst,
            at=world.now,
        )
        assert "Agreed with the unit." in text_of(reading.get("/recommendations/3/"))

    def test_a_ladder_ends_where_the_force_stands(self, world):
        today = rules.london_day(world.now)
        days = month_ends(today)
        stood = counts.steps_of(world.recommendations[1], days=days)
        now = {each.body_id: each for each in positions.today(world.inspection, on=today)
               if each.number == 2}  # fmt: skip
        for pk, steps in stood.items():
            assert steps[today] == (now[pk].status, now[pk].is_overdue)
        assert len(days) == 12
        kent = stood[world.forces["Kent"].pk]
        drawn = ladder([(on, *kent[on]) for on in days if on in kent])
        assert drawn.label.endswith("overdue")
        assert drawn.bars[-1].is_overdue


@pytest.mark.parametrize(
    "path", ["/regions/south-east/", "/recommendations/3/", "/recommendations/3/accounts/"]
)
def test_more_forces_need_no_more_queries(reading, world, path):
    reading.get(path)
    with CaptureQueriesContext(connection) as few:
        reading.get(path)
    for _ in range(6):
        body = ForceFactory()
        for recommendation in world.recommendations:
            submit(AssignmentFactory(recommendation=recommendation, body=body), at=world.now)
    with CaptureQueriesContext(connection) as many:
        assert reading.get(path).status_code == 200
    assert len(many) == len(few) <= 14
