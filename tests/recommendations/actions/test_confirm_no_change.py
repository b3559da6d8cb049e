"""An update that says that nothing has changed: when it is possible, and what it stores."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from forces.models import AuditEvent
from forces.refusal import Refusal
from recommendations.actions.confirm_no_change import confirm_no_change, no_change_error
from recommendations.actions.drafts import open_draft
from recommendations.models import Update
from recommendations.models.answers import ANSWERS
from recommendations.positions import positions
from recommendations.rules import Flag
from tests.factories import ASSIGNED_AT, AssignmentFactory, OfficerFactory, claim, send_back, submit

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
DUE = date(2026, 12, 31)
ANSWERS_OF_TEST = {"confidence": "amber", "next_steps": "Train.", "forecast_on": DUE}


@pytest.fixture
def assignment():
    return AssignmentFactory()


@pytest.fixture
def officer(assignment):
    return OfficerFactory(body=assignment.body)


def confirm(assignment, officer, at):
    update = confirm_no_change(
        assignment=assignment, latest_update_id=assignment.latest_update_id, by=officer, at=at
    )
    assignment.refresh_from_db()
    return update


def test_it_repeats_the_answers_and_counts_as_an_update(assignment, officer):
    first = submit(assignment, at=ASSIGNED_AT, by=officer, **ANSWERS_OF_TEST)
    updates = [confirm(assignment, officer, ASSIGNED_AT + n * WEEK) for n in (5, 6, 7)]
    connection.check_constraints()
    for update in updates:
        assert {name: getattr(update, name) for name in ANSWERS} == {
            name: getattr(first, name) for name in ANSWERS
        }
        assert (update.kind, update.confirms) == (Update.Kind.NO_CHANGE, first)
    assert assignment.heard_at == ASSIGNED_AT + 7 * WEEK
    on = (ASSIGNED_AT + 8 * WEEK).date()
    (position,) = positions.today(assignment.recommendation.inspection, on=on)
    assert Flag.STALE not in position.flags
    assert (position.no_change_count, position.has_many_no_changes) == (3, True)
    assert AuditEvent.objects.filter(act="no change confirmed").count() == 3


def test_a_full_update_with_the_same_answers_is_recorded_as_no_change(assignment, officer):
    first = submit(assignment, at=ASSIGNED_AT, by=officer, **ANSWERS_OF_TEST)
    same = submit(assignment, at=ASSIGNED_AT + WEEK, by=officer, **ANSWERS_OF_TEST)
    assert same.confirms == first
    news = submit(assignment, at=ASSIGNED_AT + 2 * WEEK, by=officer, account="New.")
    assert (news.kind, assignment.no_change_count) == (Update.Kind.FULL, 0)


def test_a_second_click_does_not_add_an_update(assignment, officer):
    first = submit(assignment, at=ASSIGNED_AT, by=officer, **ANSWERS_OF_TEST)
    colleague = OfficerFactory(body=assignment.body)
    updates = {
        confirm_no_change(
            assignment=assignment, latest_update_id=first.pk, by=person, at=ASSIGNED_AT + WEEK
        ).pk
        for person in (officer, officer, colleague)
    }
    assert len(updates) == 1


def test_answers_that_are_no_longer_the_latest_are_not_confirmed(assignment, officer):
    first = submit(assignment, at=ASSIGNED_AT, by=officer, **ANSWERS_OF_TEST)
    submit(assignment, at=ASSIGNED_AT + WEEK, by=officer, account="A colleague's.")
    with pytest.raises(Refusal, match="newer update"):
        confirm_no_change(
            assignment=assignment, latest_update_id=first.pk, by=officer, at=ASSIGNED_AT + 2 * WEEK
        )


def test_it_is_not_possible_beside_a_draft(assignment, officer):
    submit(assignment, at=ASSIGNED_AT, by=officer, **ANSWERS_OF_TEST)
    open_draft(assignment=assignment, by=officer, at=ASSIGNED_AT)
    with pytest.raises(Refusal, match="draft"):
        confirm(assignment, officer, ASSIGNED_AT + WEEK)


def nothing(assignment, officer):
    return "first update"


def waiting(assignment, officer):
    claim(assignment, at=ASSIGNED_AT, by=officer)
    return "waiting for review"


def returned(assignment, officer):
    send_back(claim(assignment, at=ASSIGNED_AT, by=officer), at=ASSIGNED_AT + WEEK)
    return "was returned"


def forecast_passed(assignment, officer):
    submit(assignment, at=ASSIGNED_AT, by=officer, forecast_on=ASSIGNED_AT.date())
    return "has passed. Send an update with a new forecast date"


def contradictory(assignment, officer):
    submit(assignment, at=ASSIGNED_AT, by=officer, forecast_on=DUE + WEEK)
    return "check both"


@pytest.mark.parametrize(
    "prepare",
    [nothing, waiting, returned, forecast_passed, contradictory],
    ids=lambda f: f.__name__,
)
def test_the_reason_says_what_to_do_instead(assignment, officer, prepare):
    why = prepare(assignment, officer)
    assignment.refresh_from_db()
    at = ASSIGNED_AT + 2 * WEEK
    assert why in no_change_error(assignment, on=at.date())
    with pytest.raises(Refusal):
        confirm(assignment, officer, at)


def test_the_database_refuses_other_answers(assignment, officer):
    first = submit(assignment, at=ASSIGNED_AT, by=officer, **ANSWERS_OF_TEST)
    update = confirm(assignment, officer, ASSIGNED_AT + WEEK)
    update.pk, update.number, update.account = None, 3, "Something else."
    update.token = "5c0a2b2e-9d1c-4f7b-8f4e-111111111111"
    update.save(force_insert=True)
    assert update.confirms_id == first.pk
    with pytest.raises(IntegrityError, match="does not repeat"), transaction.atomic():
        connection.check_constraints()
    transaction.set_rollback(True)
