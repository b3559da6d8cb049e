from datetime import date, timedelta

import pytest
from django.db.models import F

from recommendations import rules, wording
from recommendations.dashboards import history
from recommendations.dashboards.trends.trends import WEEKS, Trends, trends
from recommendations.dashboards.visibility import FULL_VISIBILITY, Visibility
from recommendations.models import Assignment
from recommendations.positions.national import load
from recommendations.positions.past_time import AsAt
from recommendations.positions.weekly_flows import weeks_up_to
from recommendations.rules import OPEN, Flag, Status
from recommendations.working_days import working_days_between
from tests.factories import claim, submit
from tests.world import World

pytestmark = pytest.mark.django_db


def trends_of(
    world: World, *, days_ago: int = 0, visibility: Visibility = FULL_VISIBILITY
) -> Trends:
    today = rules.london_day(world.now)
    past = AsAt(today - timedelta(days=days_ago)) if days_ago else None
    return trends(load(world.inspection, past, today=today), visibility=visibility)


def test_burn_up_charts_share_one_scale_and_end_today(world):
    page = trends_of(world)
    grids = {tuple(label.text for label in multiple.chart.grid) for multiple in page.multiples}
    assert len(grids) == 1
    assert page.burn_up_table.rows[-1] == [rules.london_day(world.now), 1, 0, 0]


def test_the_latest_flags_equal_those_of_the_positions(world):
    page = trends_of(world)
    national = load(world.inspection, today=rules.london_day(world.now))
    expected = [sum(flag in p.flags for p in national.force_positions) for flag in Flag]
    assert page.flags.table.rows[-1][1:] == expected
    assert len(page.flags.table.rows) == WEEKS + 1
    assert page.flags_message == f"4 more are overdue than {WEEKS} weeks ago"


def test_past_flags_equal_those_of_the_past_positions(world):
    week_ago = rules.london_day(world.now) - timedelta(weeks=1)
    past = load(world.inspection, AsAt(week_ago), today=rules.london_day(world.now))
    expected = [sum(flag in p.flags for p in past.force_positions) for flag in Flag]
    assert any(expected)
    assert trends_of(world).flags.table.rows[-2][1:] == expected
    assert trends_of(world, days_ago=7).flags.table.rows[-1][1:] == expected


def test_review_times_are_in_working_days(world):
    page = trends_of(world)
    rows = {row[0]: row[1:] for row in page.reviews.table.rows}
    assert sum(number for number, *_ in rows.values()) == 2
    last = [row for row in rows.values() if row[0]][-1]
    claimed, reviewed = world.now - timedelta(days=20), world.now - timedelta(days=9)
    days = working_days_between(rules.london_day(claimed), rules.london_day(reviewed))
    assert last[1] == days
    assert "of 2 reviews took more than 10 working days" in page.reviews_message


def test_a_later_forecast_rises_in_the_chart_and_is_named_in_the_sentence(world):
    due = world.assignment("Norfolk", 1).due_on
    submit(world.assignment("Norfolk", 1), at=world.now, forecast_on=due - timedelta(days=5))
    submit(world.assignment("Norfolk", 1), at=world.now, forecast_on=due + timedelta(days=9))
    page = trends_of(world)
    drift = page.forecast_changes[0]
    assert (drift.first, drift.last, drift.late) == (-5, 9, 1)
    assert "1 forecast moved later." in drift.sentence
    assert drift.chart.hover[0].text == "Norfolk: 9 days late, first forecast 5 days early"
    hidden = trends_of(world, visibility=Visibility()).forecast_changes[0]
    assert hidden.chart.hover[0].text.startswith("A force: ")
    assert page.sentence.startswith("By the forecasts, recommendation 2 will miss its due date")
    assert page.sentence.endswith("Some forces will also miss 1.")


def test_a_past_day_does_not_show_later_forecasts(world):
    due = world.assignment("Norfolk", 1).due_on
    submit(world.assignment("Norfolk", 1), at=world.now, forecast_on=due + timedelta(days=9))
    assert trends_of(world).forecast_changes[0].late == 1
    assert trends_of(world, days_ago=1).forecast_changes[0].late == 0


def test_confidence_counts_open_recommendations(world):
    page = trends_of(world)
    assert sum(page.confidence.table.rows[-1][1:]) == 10  # 12, one implemented, one awaiting review
    assert page.confidence_message == "Confidence is red on 1 of 10 open recommendations"


def test_the_weeks_of_a_projection_are_those_of_the_positions(world):
    today = rules.london_day(world.now)
    norfolk = world.assignment("Norfolk", 1)
    submit(norfolk, at=world.now - timedelta(days=17), forecast_on=today - timedelta(days=3))
    claim(norfolk, at=world.now - timedelta(days=10))
    national = load(world.inspection, today=today)
    weeks = weeks_up_to(
        world.inspection,
        on=today,
        before=rules.start_of_day(today + timedelta(days=1)),
        forces=[body.pk for body in national.forces],
        weeks=13,
        horizon=2,
    )
    assert [week.on for week in weeks] == history.last_weeks(today, 13)
    by_age = {(today - week.on).days: week for week in weeks}
    assert {age for age, week in by_age.items() if week.other_claims} == {84, 28, 14}
    assert {age for age, week in by_age.items() if week.foretold_claims} == {7}
    assert {age: week.accepted for age, week in by_age.items() if week.reviews} == {77: 1, 7: 0}
    assert by_age[7].reviewers == {world.analyst.pk}
    for week in weeks:
        past = load(world.inspection, AsAt(week.on), today=today).force_positions
        assert week.done == sum(p.status == Status.IMPLEMENTED for p in past)
        assert week.waiting == sum(p.status == Status.EVIDENCE_SUBMITTED for p in past)
        open_ones = [p for p in past if p.status in OPEN]
        assert week.foretold + week.others == len(open_ones)
        until = week.on + timedelta(weeks=2)
        assert week.foretold == sum((p.forecast_on or date.max) <= until for p in open_ones)


def test_the_projection_is_for_the_day_on_which_most_are_due(world):
    assert trends_of(world).projection is None  # most are due today
    Assignment.objects.filter(recommendation__number=3).update(due_on=F("due_on") + 14)
    page = trends_of(world).projection
    due = wording.day(rules.london_day(world.now) + timedelta(days=14))
    assert page.sentence.startswith(f"By {due}, between ")
    assert " of 12 are projected to be implemented, most likely " in page.sentence
    assert [row[0] for row in page.reviewers.rows] == ["1, as now", "3"]
    assert len(page.claims.rows) == 2
    assert len(page.back_test.rows) == len({row[0] for row in page.back_test.rows})
