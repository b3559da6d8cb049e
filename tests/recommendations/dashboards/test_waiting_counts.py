from datetime import timedelta

import pytest

from recommendations.actions.questions import ask_question
from recommendations.actions.request_extension import request_extension
from recommendations.dashboards.waiting_counts import WaitingCounts, waiting_counts
from recommendations.models import Assignment, DueDateRequest, Question
from recommendations.models.question import Side
from recommendations.rules import london_day
from tests.factories import answer, ask, claim

pytestmark = pytest.mark.django_db


def test_each_reader_gets_the_counts_of_their_own_work(world, django_assert_num_queries):
    kent = world.assignment("Kent", 3)
    to = london_day(world.now) + timedelta(days=40)
    request_extension(assignment=kent, to=to, reason="Delay.", by=world.officer, at=world.now)
    claim(world.assignment("Norfolk", 3), at=world.now)
    ask_question(assignment=kent, text="By when?", by=world.officer, at=world.now)
    for text in ("Where?", "Who?"):
        ask_question(assignment=kent, text=text, by=world.analyst, at=world.now)

    with django_assert_num_queries(1):
        counts = waiting_counts(world.inspection, world.analyst)
    assert counts == WaitingCounts(claims=2, requests=1, questions=1)
    questions = Question.objects.open()
    assert counts.claims == Assignment.objects.waiting_for_review().count()
    assert counts.requests == DueDateRequest.objects.filter(decision=None).count()
    assert counts.questions == questions.filter(side=Side.BODY).count()
    assert counts.by_url_name == {
        "reviews": 2,
        "second_reviews": 0,
        "joint_actions": 0,
        "deadlines": 1,
        "all_questions": 1,
        "force": 0,
    }
    with django_assert_num_queries(1):
        own = waiting_counts(world.inspection, world.officer)
    assert own == WaitingCounts(own_questions=questions.filter(side=Side.ANALYSTS).count())
    assert own.own_questions == 2
    request = ask(world.assignment("Essex", 3), kent.body, at=world.now)
    answer(ask(kent, world.forces["Essex"], at=world.now, by=world.officer), "done", at=world.now)
    world.inspection.refresh_from_db()
    assert waiting_counts(world.inspection, world.officer).body_requests == 2
    answer(request, "done", at=world.now, by=world.officer)
    world.inspection.refresh_from_db()
    assert waiting_counts(world.inspection, world.officer).body_requests == 1
    with django_assert_num_queries(0):
        assert waiting_counts(world.inspection, world.observer).total == 0
        assert waiting_counts(None, world.analyst).total == 0
