"""The progress of dated steps on the pages of organisations and recommendations."""

from datetime import timedelta

import pytest

from recommendations import rules
from recommendations.actions.withdraw_assignment import withdraw_assignment
from recommendations.dashboards.register.step_progress import step_progress
from recommendations.positions.national import load
from recommendations.positions.past_time import AsAt
from tests.factories import OfficerFactory, add_step
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def steps(world):
    """Of Kent: one done a day late, one moved later, and one to come of a withdrawn assignment."""
    kent, by = [world.assignment("Kent", number) for number in (2, 3)], world.officer
    first, today = world.now - timedelta(days=20), rules.london_day(world.now)
    add_step(kent[0], at=first, by=by, title="Hire", due_on=today - timedelta(days=3))
    add_step(kent[0], at=first, by=by, title="Train", due_on=today)
    late = {"title": "Hire", "due_on": today - timedelta(days=3), "reason": "Illness."}
    done_on = today - timedelta(days=2)
    add_step(kent[0], at=world.now, by=by, step=1, seen=1, done_on=done_on, **late)
    later = {"title": "Train", "due_on": today + timedelta(days=9), "reason": "Illness."}
    add_step(kent[0], at=world.now, by=by, step=2, seen=1, **later)
    add_step(kent[1], at=first, by=by, due_on=today + timedelta(days=1))
    withdraw_assignment(
        assignment=kent[1],
        kind="no_further_action",
        reason="Merged.",
        by=world.analyst,
        at=world.now,
    )
    return today


def test_figures_say_what_slipped_and_what_is_next(world, steps):
    national = load(world.inspection, today=steps)
    progress = step_progress(national, national.positions)
    assert progress.sentence == "1 of 2 steps done, 2 slipped"
    assert (progress.next.name, progress.next.href) == ("Kent R2", "/forces/kent/2/")
    assert progress.next.text == "Train, due on 4 December 2026"
    assert [(row.on, row.planned, row.done) for row in progress.chart.rows][-1] == (steps, 2, 1)
    past = load(world.inspection, AsAt(steps - timedelta(days=1)), today=steps)
    before = step_progress(past, past.positions)
    assert before.sentence == "0 of 3 steps done, 1 slipped"
    assert before.next.text == "Hire, was due on 22 November 2026"
    assert step_progress(national, []) is None


def test_only_those_who_read_the_updates_see_them(client, world, steps):
    for reader, count in [(world.analyst, 1), (OfficerFactory(body=world.forces["Essex"]), 0)]:
        client.force_login(reader)
        for path in ("/forces/kent/", "/recommendations/2/"):
            text = text_of(client.get(path))
            assert text.count("1 of 2 steps done, 2 slipped") == count, (reader, path)
