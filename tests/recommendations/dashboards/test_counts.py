"""The counts of past days are the positions of those days, counted."""

from collections import Counter
from datetime import timedelta

import pytest

from recommendations import rules
from recommendations.positions import counts, positions
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def test_counts_on_many_days_equal_the_positions_of_each_day(world, django_assert_num_queries):
    today = rules.london_day(world.now)
    days = [today - timedelta(days=ago) for ago in (210, 95, 85, 30, 15, 9, 0)]
    with django_assert_num_queries(1):
        tallies = counts.counts_on(world.recommendations, days=days)
    forces = {body.pk for body in world.forces.values()}
    for on in days:
        stood = Counter(
            (each.body_id in forces, each.status, each.due_on, each.is_overdue)
            for each in positions.as_at(world.inspection, on=on)
        )
        counted = {
            (tally.is_force, tally.status, tally.due_on, tally.is_overdue): tally.count
            for tally in tallies
            if tally.on == on
        }
        assert counted == stood


def test_counts_of_one_recommendation_leave_the_others_out(world):
    today = rules.london_day(world.now)
    tallies = counts.counts_on(world.recommendations[:1], days=[today])
    assert sum(tally.count for tally in tallies) == len(world.forces) + 1
