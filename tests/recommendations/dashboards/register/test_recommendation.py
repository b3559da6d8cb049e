import pytest

from recommendations import rules
from recommendations.dashboards.register.recommendation import month_ends, recommendation_page
from recommendations.dashboards.visibility import FULL_VISIBILITY
from recommendations.positions.national import load


@pytest.mark.django_db
def test_a_ladder_ends_with_the_position_of_the_force(world):
    today = rules.london_day(world.now)
    national = load(world.inspection, today=today)
    page = recommendation_page(national, world.recommendations[1], visibility=FULL_VISIBILITY)
    kent = next(force.chart for force in page.ladders if force.body == "Kent")
    assert kent.label.endswith("overdue")
    assert kent.bars[-1].is_overdue


def test_a_ladder_covers_twelve_months(world):
    today = rules.london_day(world.now)
    days = month_ends(today)
    assert len(days) == 12
    assert days[-1] == today
