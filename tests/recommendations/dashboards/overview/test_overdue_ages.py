from datetime import timedelta

import pytest

from recommendations import rules
from recommendations.dashboards.overview.overdue_ages import overdue_by_age
from recommendations.positions import positions
from tests.factories import AssignmentFactory, RecommendationFactory


@pytest.mark.django_db
def test_ages_are_divided_at_30_and_90_days(world):
    today = rules.london_day(world.now)
    body = world.forces["Norfolk"]
    for number, days in enumerate([1, 30, 31, 90, 91, 400, 0], 10):
        due_on = today - timedelta(days=days)
        recommendation = RecommendationFactory(
            inspection=world.inspection, number=number, due_on=due_on
        )
        AssignmentFactory(recommendation=recommendation, body=body)
    positions_today = positions.today(world.inspection, on=today, body=body)
    ages = overdue_by_age(position for position in positions_today if int(position.reference) >= 10)
    assert [(band.label, band.count) for band in ages.bands] == [
        ("1 to 30 days", 2),
        ("31 to 90 days", 2),
        ("over 90 days", 2),
    ]
    assert ages.message == "2 of 6 overdue for more than 90 days"
    assert ages.bar.label == "2 1 to 30 days, 2 31 to 90 days, 2 over 90 days"


def test_the_message_says_that_nothing_is_overdue():
    assert overdue_by_age([]).message == "Nothing is overdue"
