from datetime import timedelta

import pytest

from recommendations import rules
from recommendations.dashboards.overview.movements import movements
from recommendations.positions import positions
from recommendations.positions.national import load
from tests.factories import accept, claim

pytestmark = pytest.mark.django_db


def movements_this_week(world) -> list[tuple[str, str]]:
    today = rules.london_day(world.now)
    before = positions.as_at(world.inspection, on=today - timedelta(days=7))
    national = load(world.inspection, today=today)
    return [(m.body, m.sentence) for m in movements(national, before=before)]


def test_the_largest_movements_are_first(world):
    accept(world.assignment("Essex", 1).latest_update, at=world.now, by=world.analyst)
    claim(world.assignment("Essex", 2), at=world.now)
    accept(claim(world.assignment("Norfolk", 2), at=world.now), at=world.now, by=world.analyst)
    assert movements_this_week(world) == [
        ("Essex", "1 more implemented, 1 fewer overdue"),
        ("Norfolk", "1 more implemented, 1 fewer overdue"),
    ]


def test_new_claims_are_counted(world):
    claim(world.assignment("Norfolk", 1), at=world.now)
    assert ("Norfolk", "1 more claim awaiting review") in movements_this_week(world)
