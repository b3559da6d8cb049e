import pytest

from recommendations import rules
from recommendations.dashboards.register.force_rows import ROW_COLUMNS, ROW_KEYS, month_ends
from recommendations.dashboards.register.recommendation import recommendation_page
from recommendations.dashboards.visibility import FULL_VISIBILITY, Visibility
from recommendations.positions.national import load, load_recommendation


@pytest.mark.django_db
def test_a_ladder_ends_with_the_position_of_the_force(world):
    today = rules.london_day(world.now)
    national = load(world.inspection, today=today)
    page = recommendation_page(national, world.recommendations[1], visibility=FULL_VISIBILITY)
    kent = next(row for row in page.rows if row.force == "Kent")
    assert 'aria-label="not started, in progress by' in kent.ladder
    assert ', overdue"' in kent.ladder
    assert (kent.days_overdue, kent.days_left, kent.days_left_text) == (12, -12, "-12")


@pytest.mark.django_db
def test_the_positions_of_one_recommendation_are_enough_for_its_page(world):
    today = rules.london_day(world.now)
    recommendation = world.recommendations[1]
    national = load(world.inspection, today=today)
    narrow = load_recommendation(world.inspection, recommendation.reference, today=today)
    assert {position.reference for position in narrow.positions} == {recommendation.reference}
    pages = [
        recommendation_page(n, recommendation, visibility=FULL_VISIBILITY).rows
        for n in (national, narrow)
    ]
    assert pages[0] == pages[1]


@pytest.mark.django_db
def test_rows_sort_by_every_column_that_has_a_link(world):
    today = rules.london_day(world.now)
    national = load_recommendation(world.inspection, "2", today=today)
    assert {column.key for column in ROW_COLUMNS if column.key} == set(ROW_KEYS)
    for sort in [sign + key for key in ROW_KEYS for sign in ("", "-")]:
        page = recommendation_page(
            national, world.recommendations[1], visibility=Visibility(), sort=sort
        )
        assert len(page.rows) == 4, sort
        assert not any(row.href or row.forecast_on for row in page.rows)
    names = [row.force for row in page.rows]
    assert sorted(names) == ["Essex", "Kent", "Norfolk", "Surrey"]


def test_a_ladder_covers_twelve_months(world):
    today = rules.london_day(world.now)
    days = month_ends(today)
    assert len(days) == 12
    assert days[-1] == today
