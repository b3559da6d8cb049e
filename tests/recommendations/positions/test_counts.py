"""Counts on past days equal the counted positions of those days."""

from collections import Counter
from datetime import timedelta

import pytest

from recommendations import rules
from recommendations.positions import positions
from recommendations.positions.counts import status_counts, statuses_by_body

pytestmark = pytest.mark.django_db


def test_counts_on_many_days_equal_the_positions_of_each_day(world, django_assert_num_queries):
    today = rules.london_day(world.now)
    days = [today - timedelta(days=ago) for ago in (210, 95, 85, 30, 15, 9, 0)]
    with django_assert_num_queries(1):
        counts = status_counts(world.recommendations, days=days)
    forces = {body.pk for body in world.forces.values()}
    for on in days:
        expected = Counter(
            (p.body_id in forces, p.status, p.due_on, p.is_overdue)
            for p in positions.as_at(world.inspection, on=on)
        )
        actual = {
            (count.is_force, count.status, count.due_on, count.is_overdue): count.count
            for count in counts
            if count.on == on
        }
        assert actual == expected


def test_counts_of_one_recommendation_exclude_the_others(world):
    today = rules.london_day(world.now)
    counts = status_counts(world.recommendations[:1], days=[today])
    assert sum(count.count for count in counts) == len(world.forces) + 1


def test_todays_statuses_by_body_equal_todays_positions(world):
    today = rules.london_day(world.now)
    statuses = statuses_by_body(world.recommendations[1], days=[today])
    positions_today = positions.today(world.inspection, on=today)
    assert {pk: by_day[today] for pk, by_day in statuses.items()} == {
        p.body_id: (p.status, p.is_overdue) for p in positions_today if p.reference == "2"
    }
