"""Trends: who sees them, what they say, at which time, and how many questions they ask."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from recommendations import rules
from recommendations.charts.axes import apart
from recommendations.charts.slope import slope_chart
from recommendations.dashboards.past_time import AsAt
from recommendations.dashboards.trends.trends import WEEKS, trends
from recommendations.models import Assignment
from recommendations.positions import flag_episodes
from recommendations.positions.national import load
from recommendations.rules import Flag
from tests.factories import AssignmentFactory, ForceFactory, submit
from tests.recommendations.pages.pages import text_of
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def shown(world, *, days_ago=0):
    today = rules.london_day(world.now)
    then = AsAt(today - timedelta(days=days_ago)) if days_ago else None
    return trends(load(world.inspection, then, today=today))


def test_only_those_who_see_the_overview(client, world):
    client.force_login(world.officer)
    assert client.get(reverse("trends")).status_code == 404
    for person in (world.analyst, world.observer, world.administrator):
        client.force_login(person)
        assert client.get(reverse("trends")).status_code == 200


def test_burn_ups_have_one_scale_and_the_last_column_is_today(world):
    page = shown(world)
    grids = {tuple(mark.text for mark in each.chart.grid) for each in page.multiples}
    assert len(grids) == 1
    assert page.burn_up_table.rows[-1] == [rules.london_day(world.now), 1, 0, 0]


def test_the_last_flags_are_the_positions_own(world):
    page = shown(world)
    picture = load(world.inspection, today=rules.london_day(world.now))
    expected = [sum(flag in p.flags for p in picture.force_positions) for flag in Flag]
    assert page.flags.table.rows[-1][1:] == expected
    assert len(page.flags.table.rows) == WEEKS + 1
    assert page.flags_message == f"4 more are overdue than {WEEKS} weeks ago"


def test_past_flags_are_as_the_past_position_had_them(world):
    week_ago = rules.london_day(world.now) - timedelta(weeks=1)
    then = load(world.inspection, AsAt(week_ago), today=rules.london_day(world.now))
    expected = [sum(flag in p.flags for p in then.force_positions) for flag in Flag]
    assert any(expected)
    assert shown(world).flags.table.rows[-2][1:] == expected
    assert shown(world, days_ago=7).flags.table.rows[-1][1:] == expected


def test_reviews_are_counted_in_working_days(world):
    page = shown(world)
    rows = {row[0]: row[1:] for row in page.reviews.table.rows}
    assert sum(number for number, *_ in rows.values()) == 2
    last = [row for row in rows.values() if row[0]][-1]
    claimed, answered = world.now - timedelta(days=20), world.now - timedelta(days=9)
    days = rules.working_days_between(rules.london_day(claimed), rules.london_day(answered))
    assert last[1] == days
    assert "of 2 reviews came after more than 10 working days" in page.reviews_message


def test_a_moved_forecast_is_a_slope_and_names_what_will_be_missed(world):
    due = world.assignment("Norfolk", 1).due_on
    submit(world.assignment("Norfolk", 1), at=world.now, forecast_on=due - timedelta(days=5))
    submit(world.assignment("Norfolk", 1), at=world.now, forecast_on=due + timedelta(days=9))
    page = shown(world)
    drift = page.drifts[0]
    assert (drift.first, drift.last, drift.late) == (-5, 9, 1)
    assert "1 moved later." in drift.sentence
    assert drift.chart.lines[0].kind == "later"
    assert (drift.chart.first, drift.chart.last) == ("-5 days", "+9 days")
    assert page.sentence.startswith("By the forecasts, recommendation 2 will miss its due date")
    assert page.sentence.endswith("So will some forces on 1.")


def test_a_past_day_knows_nothing_of_later_forecasts(world):
    due = world.assignment("Norfolk", 1).due_on
    submit(world.assignment("Norfolk", 1), at=world.now, forecast_on=due + timedelta(days=9))
    assert shown(world).drifts[0].late == 1
    assert shown(world, days_ago=1).drifts[0].late == 0


def test_confidence_counts_what_is_open(world):
    page = shown(world)
    assert sum(page.confidence.table.rows[-1][1:]) == 10  # 12, one implemented, one waits
    assert page.confidence_message == "Confidence is red on 1 of 10 open recommendations"


def test_more_rows_need_no_more_queries(client, world):
    client.force_login(world.analyst)

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(reverse("trends"))
        return len(found)

    asked()
    few = asked()
    for name in ("Dorset", "Sussex", "Cumbria"):
        body = ForceFactory(short_name=name)
        for recommendation in world.recommendations:
            submit(AssignmentFactory(recommendation=recommendation, body=body), at=world.now)
    flag_episodes.settle(Assignment.objects.all(), on=rules.london_day(world.now))
    assert asked() == few <= 13


def test_a_day_in_the_address_and_nonsense_there(client, world):
    client.force_login(world.analyst)
    then = rules.london_day(world.now) - timedelta(days=100)
    assert "Position at the end of" in text_of(
        client.get(reverse("trends"), {"as_at": then.isoformat()})
    )
    assert "not a real date" in text_of(client.get(reverse("trends"), {"as_at": "2026-02-31"}))
    before_all = client.get(reverse("trends"), {"as_at": "2001-01-01"})
    assert "Nothing is planned yet" in text_of(before_all)


def test_labels_are_kept_apart_and_in_order():
    moved = apart([10, 10, 11, 80], gap=17)
    assert all(b - a > 16.9 for a, b in pairwise(moved))
    assert moved[3] == 80


def test_a_slope_of_nothing_is_not_drawn():
    assert slope_chart([], reach=0, label="") is None
