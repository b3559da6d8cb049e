"""The page of what changed between two days."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forces.models import Role
from recommendations import rules, wording
from recommendations.actions.decide_extension import refuse_request
from recommendations.actions.questions import ask_question, reply_to_question
from recommendations.actions.request_extension import request_extension
from recommendations.dashboards.changes.feed import FeedRow
from recommendations.models import FlagEpisode
from tests.factories import AssignmentFactory, OfficerFactory, UserFactory, submit
from tests.process_caches import empty_process_caches
from tests.recommendations.pages.pages import text_of
from tests.world import World

pytestmark = pytest.mark.django_db
URL = "/changes/"


def days_ago(world: World, days: int) -> str:
    return (world.now - timedelta(days=days)).date().isoformat()


def test_changes_are_counted_and_grouped(client, world):
    client.force_login(world.analyst)
    period = {"since": days_ago(world, 25), "until": days_ago(world, 5)}
    response = client.get(URL, period)
    shown = text_of(response)
    assert "1 claim submitted" in shown
    assert "1 claim returned" in shown
    assert "5 became overdue" in shown
    days = [group.heading for group in response.context["groups"]]
    assert len(days) == len(set(days))
    by_body = client.get(URL, period | {"by": "body"}).context["groups"]
    assert "Essex Police" in [group.heading for group in by_body]
    by_number = client.get(URL, period | {"by": "recommendation"}).context["groups"]
    assert "2. One intelligence picture" in [group.heading for group in by_number]


def rows_of(response) -> list[FeedRow]:
    return [row for group in response.context["groups"] for row in group.rows]


def test_the_status_of_an_act_is_that_of_its_day(client, world):
    client.force_login(world.analyst)
    rows = rows_of(client.get(URL, {"since": days_ago(world, 85), "until": days_ago(world, 75)}))
    words = {(row.before.word, row.after.word) for row in rows if row.before and row.after}
    assert ("Evidence submitted", "Implemented") in words


def test_a_kind_shows_only_rows_with_it_and_counts_them(client, world):
    client.force_login(world.analyst)
    period = {"since": days_ago(world, 100)}
    kinds = client.get(URL, period).context["kinds"]
    for kind in kinds:
        response = client.get(URL + kind["href"])
        assert f"{len(response.context['changes'].rows):,}" == kind["number"], kind["text"]
        assert all(row.kinds for row in response.context["changes"].rows)


def test_an_update_that_changed_nothing_else_is_one_of_a_line(client, world):
    assignment = world.assignment("Kent", 3)
    submit(assignment, at=world.now - timedelta(days=2))
    submit(assignment, at=world.now)
    client.force_login(world.analyst)
    groups = client.get(URL, {"body": "kent", "recommendation": 3}).context["groups"]
    assert [row.word for row in groups[0].quiet[0].rows] == ["Kent"]
    assert groups[0].rows == []


def test_updates_of_a_day_that_say_the_same_are_one_line(client, world):
    for number in (1, 3):
        for force in ("Norfolk", "Surrey"):
            question = {"by": world.analyst, "at": world.now, "text": f"What about {number}?"}
            ask_question(assignment=world.assignment(force, number), **question)
    client.force_login(world.analyst)
    group = client.get(URL, {"since": days_ago(world, 0), "kind": "questions"}).context["groups"][0]
    assert [line.text for line in group.quiet] == ["4 questions:"]
    assert [row.word for row in group.quiet[0].rows] == ["Norfolk", "Surrey"]
    assert group.rows == []


def test_a_flag_that_was_on_for_less_than_a_day_is_not_a_change(client, world):
    day = rules.london_day(world.now)
    assignment = world.assignment("Kent", 3)
    episode = {"raised_on": day, "raised_because": "x", "cleared_because": "x"}
    FlagEpisode.objects.create(assignment=assignment, flag="at_risk", cleared_on=day, **episode)
    client.force_login(world.analyst)
    page = client.get(URL, {"since": day.isoformat(), "body": "kent", "recommendation": 3})
    assert not [row for row in rows_of(page) if "at risk" in row.raised + row.cleared]


def test_an_officer_sees_changes_of_their_own_force_only(client, world):
    client.force_login(world.officer)
    shown = text_of(client.get(URL, {"since": days_ago(world, 100)}))
    assert "Kent" in shown
    assert "Essex" not in shown
    assert "Surrey" not in shown


def test_the_page_is_not_for_observers_without_a_force(client, world):
    client.force_login(world.observer)
    assert client.get(URL).status_code == 404
    client.force_login(UserFactory(role=Role.OBSERVER, body=world.forces["Essex"]))
    assert client.get(URL).status_code == 200


def test_the_last_seven_days_begin_after_the_end_of_the_same_day_a_week_before(client, world):
    client.force_login(world.analyst)
    query = client.get(URL).context["query"]
    today = rules.london_day(world.now)
    assert (query.since, query.until) == (rules.week_before(today) + timedelta(days=1), today)


def test_requests_and_questions_are_changes_for_those_who_may_read_them(client, world):
    assignment = world.assignment("Kent", 3)
    to = assignment.due_on + timedelta(days=40)
    extension = request_extension(
        assignment=assignment, to=to, reason="Supplier.", by=world.officer, at=world.now
    )
    question = ask_question(
        assignment=assignment, text="Which form?", by=world.officer, at=world.now
    )
    reply_to_question(question=question, text="None.", by=world.analyst, at=world.now)
    refuse_request(request=extension, words="No.", by=world.analyst, at=world.now)
    for reader in (world.analyst, world.officer):
        client.force_login(reader)
        shown = text_of(client.get(URL))
        assert "More time requested, request decided, question asked, question answered" in shown
        assert "Which form?" not in shown
        assert (
            "1 request for more time, 1 request for more time decided, 1 question, 1 answer"
        ) in shown
        file = client.get("/downloads/changes/changes.csv").content.decode()
        assert f"ore time requested, until {wording.day(to)}" in file
        assert "equest for more time refused" in file
        assert "uestion asked by the organisation" in file
        assert "uestion answered by an analyst" in file
    client.force_login(OfficerFactory(body=world.forces["Essex"]))
    assert "requested" not in text_of(client.get(URL))


def test_a_link_shows_the_changes_since_the_last_visit(client, world):
    with time_machine.travel(world.now - timedelta(days=3), tick=False):
        client.force_login(world.analyst)
        assert "Since your last visit" not in text_of(client.get(URL))
    with time_machine.travel(world.now, tick=False):
        client.force_login(world.analyst)
        shown = text_of(client.get(URL))
        assert f"?since={days_ago(world, 3)}" in shown.replace("&amp;", "&")
        assert "Since your last visit" in text_of(client.get(URL))  # still the same visit


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ({"until": "2999-01-01"}, "is in the future"),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "wrong way round"),
    ],
)
def test_invalid_days_get_a_note(client, world, query, note):
    client.force_login(world.analyst)
    assert note in text_of(client.get(URL, query))


def test_more_changes_need_no_more_queries(client, world):
    client.force_login(world.analyst)
    client.get(URL)

    def queries() -> int:
        empty_process_caches()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL).status_code == 200
        return len(captured)

    few = queries()
    for recommendation in world.recommendations:
        for _ in range(4):
            submit(AssignmentFactory(recommendation=recommendation), at=world.now)
    assert queries() == few <= 14
