from datetime import timedelta

import pytest

from recommendations import rules
from recommendations.dashboards.overview.week import WeekChanges, week
from recommendations.dashboards.visibility import FULL_VISIBILITY, Visibility
from recommendations.positions import positions
from recommendations.positions.national import load
from tests.factories import accept, claim, send_back

pytestmark = pytest.mark.django_db


def week_of(world, visibility: Visibility = FULL_VISIBILITY) -> WeekChanges:
    today = rules.london_day(world.now)
    return week(
        load(world.inspection, today=today),
        before=positions.as_at(world.inspection, on=rules.week_before(today)),
        visibility=visibility,
        until=world.now + timedelta(days=1),
    )


def test_claims_and_reviews_of_the_week_are_counted(world):
    accept(claim(world.assignment("Norfolk", 1), at=world.now), at=world.now, by=world.analyst)
    send_back(claim(world.assignment("Surrey", 1), at=world.now), at=world.now, by=world.analyst)
    lines = {line.kind: line for line in week_of(world).lines}
    assert lines["claim accepted"].name == "Norfolk R1"
    assert lines["claim accepted"].href == "/forces/norfolk/1/"
    assert lines["claim returned"].rest == ""
    assert (lines["claims sent"].count, lines["claims sent"].rest) == (2, "1 more")
    assert "kind=claims" in lines["claims sent"].rest_href


def test_what_became_overdue_is_counted_once(world):
    today = rules.london_day(world.now)
    now = {p.assignment_id for p in positions.today(world.inspection, on=today) if p.is_overdue}
    earlier = positions.as_at(world.inspection, on=rules.week_before(today))
    before = {p.assignment_id for p in earlier if p.is_overdue}
    counts = {line.kind: line.count for line in week_of(world).lines}
    assert counts.get("became overdue", 0) == len(now - before)


def test_names_are_links_only_for_readers_of_the_organisation(world):
    accept(claim(world.assignment("Norfolk", 1), at=world.now), at=world.now, by=world.analyst)
    assert not any(line.href for line in week_of(world, Visibility()).lines)
