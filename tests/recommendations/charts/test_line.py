from datetime import date

import pytest

from recommendations.charts.line import Point, describe_gap


@pytest.mark.parametrize(
    ("planned", "done", "title"),
    [
        (9, 9, "Implementation is on plan"),
        (9, 2, "Implementation is 7 behind the plan"),
        (2, 9, "Implementation is 7 ahead of plan"),
    ],
)
def test_the_title_compares_the_latest_known_point_with_the_plan(planned, done, title):
    latest, future = date(2026, 1, 5), date(2026, 1, 12)
    assert describe_gap([Point(latest, planned, done), Point(future, 50, None)]) == title
