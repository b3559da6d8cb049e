"""A retention rule shows its period in words."""

from datetime import timedelta

import pytest

from recommendations.retention.rule import Rule


@pytest.mark.parametrize(
    ("period", "text"),
    [
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=12), "12 hours"),
        (timedelta(days=7), "7 days"),
        (timedelta(days=365), "1 year"),
        (timedelta(days=730), "2 years"),
    ],
)
def test_a_period_is_shown_in_the_largest_unit_that_fits(period, text):
    rule = Rule(what="x", why="y", of=[], lasts=period, since="after it was created")
    assert rule.period == f"{text} after it was created"
