from datetime import timedelta

import pytest

from recommendations import rules
from recommendations.actions.questions import ask_question, reply_to_question
from recommendations.actions.request_extension import request_extension
from recommendations.dashboards.overview.needs_you import MAX_LINES, needs_you
from recommendations.dashboards.visibility import FULL_VISIBILITY, Visibility
from recommendations.positions.national import load
from recommendations.positions.past_time import AsAt
from tests.factories import claim

pytestmark = pytest.mark.django_db


def groups_of(world, visibility: Visibility = FULL_VISIBILITY, *, is_past: bool = False):
    past = AsAt.of(world.now) if is_past else None
    national = load(world.inspection, past, today=rules.london_day(world.now))
    groups = needs_you(national, visibility=visibility)
    return {group.title: group for group in groups}


def test_late_reviews_link_to_their_decision(world):
    group = groups_of(world)["1 late review"]
    assert group.href == "/reviews/?late=1"
    line = group.lines[0]
    assert (line.who, line.href) == (
        "Essex, R1",
        f"/reviews/{world.assignment('Essex', 1).latest_update_id}/",
    )
    assert line.days > 0


def test_late_reviews_of_a_past_day_link_to_the_position_then(world):
    group = groups_of(world, is_past=True)["1 late review"]
    assert group.href == ""
    assert group.lines[0].href.startswith("/forces/essex/1/?as_at=2026-")


def test_a_claim_that_is_on_time_is_counted_but_not_listed(world):
    claim(world.assignment("Norfolk", 1), at=world.now)
    group = groups_of(world)["1 late review"]
    assert group.rest == "(2 claims are waiting)"
    assert len(group.lines) == 1


def test_requests_and_questions_wait_until_they_are_decided(world):
    assignment = world.assignment("Kent", 3)
    asked_at = world.now + timedelta(seconds=1)
    request_extension(
        assignment=assignment,
        to=rules.london_day(world.now) + timedelta(days=40),
        reason="The supplier is late.",
        by=world.officer,
        at=asked_at,
    )
    question = ask_question(
        assignment=assignment, text="What would show it?", by=world.officer, at=asked_at
    )
    groups = groups_of(world)
    assert groups["1 request for more time"].lines[0].what.endswith("The supplier is late.")
    assert groups["1 question"].lines[0].href == "/forces/kent/3/questions/"
    assert "1 question" not in groups_of(world, is_past=True)
    assert "1 question" not in groups_of(world, Visibility(sees_all_bodies=True))
    reply_to_question(question=question, text="A list.", by=world.analyst, at=asked_at)
    assert "1 question" not in groups_of(world)


def test_organisations_that_have_gone_quiet_are_listed_for_the_longest_time_first(world):
    days = [
        line.days
        for title, group in groups_of(world).items()
        if "quiet" in title
        for line in group.lines
    ]
    assert days == sorted(days, reverse=True)
    assert days


def test_readers_who_review_nothing_get_no_links_to_reviews(world):
    group = groups_of(world, Visibility())["1 late review"]
    assert (group.href, group.lines[0].href) == ("", "")


def test_all_lines_fit_the_first_screen(world):
    assert sum(len(group.lines) for group in groups_of(world).values()) <= MAX_LINES
