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
from tests.factories import AssignmentFactory, OfficerFactory, UserFactory, submit
from tests.recommendations.pages.pages import text_of
from tests.world import World

pytestmark = pytest.mark.django_db
URL = "/changes/"


def days_ago(world: World, days: int) -> str:
    return (world.now - timedelta(days=days)).date().isoformat()


def test_changes_are_counted_and_grouped(client, world):
    client.force_login(world.analyst)
    shown = text_of(client.get(URL, {"since": days_ago(world, 25), "until": days_ago(world, 5)}))
    assert "1 claim, 1 returned claim" in shown
    assert "5 became overdue" in shown
    assert "claim returned: 2. One intelligence picture." in shown
    assert "became overdue." in shown
    table = client.get(URL, {"by": "body", "form": "table"}).context["head"]
    assert table == ["Day", "Force", "Recommendation", "What happened", "Change"]
    by_body = text_of(client.get(URL, {"since": days_ago(world, 25), "by": "body"}))
    assert by_body.index("Essex Police") < by_body.index("2. One intelligence picture")


def test_the_net_change_of_a_position_is_shown(client, world):
    client.force_login(world.analyst)
    shown = text_of(client.get(URL, {"since": days_ago(world, 85), "until": days_ago(world, 75)}))
    assert "Evidence submitted → implemented" in shown


def test_an_officer_sees_changes_of_their_own_force_only(client, world):
    client.force_login(world.officer)
    shown = text_of(client.get(URL, {"since": days_ago(world, 100)}))
    assert "Kent Police" in shown
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
        assert f"ore time requested, until {wording.day(to)}" in shown
        assert "equest for more time refused" in shown
        assert "uestion asked by the organisation" in shown
        assert "uestion answered by an analyst" in shown
        assert "Which form?" not in shown
        assert "1 extension request, 1 extension decision, 1 question, 1 answer" in shown
    client.force_login(OfficerFactory(body=world.forces["Essex"]))
    assert "requested" not in text_of(client.get(URL))


def test_a_link_shows_the_changes_since_the_last_visit(client, world):
    with time_machine.travel(world.now - timedelta(days=3), tick=False):
        client.force_login(world.analyst)
        assert "Show changes since your last visit" not in text_of(client.get(URL))
    with time_machine.travel(world.now, tick=False):
        client.force_login(world.analyst)
        shown = text_of(client.get(URL))
        assert f"?since={days_ago(world, 3)}" in shown.replace("&amp;", "&")
        assert "Show changes since your last visit" in text_of(
            client.get(URL)
        )  # still the same visit


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ({"since": "x"}, "not a real date"),
        ({"until": "2999-01-01"}, "is in the future"),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "after the end date"),
    ],
)
def test_invalid_days_get_a_note(client, world, query, note):
    client.force_login(world.analyst)
    assert note in text_of(client.get(URL, query))


def test_more_changes_need_no_more_queries(client, world):
    client.force_login(world.analyst)
    client.get(URL)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL).status_code == 200
        return len(captured)

    few = queries()
    for recommendation in world.recommendations:
        for _ in range(4):
            submit(AssignmentFactory(recommendation=recommendation), at=world.now)
    assert queries() == few <= 23
