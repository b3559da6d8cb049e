"""An assignment is withdrawn once, with a reason and a kind, which can be corrected."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from forces.refusal import Refusal
from recommendations.actions.record_ending import record_ending
from recommendations.actions.withdraw_assignment import withdraw_assignment
from recommendations.models import Ending, Withdrawal
from recommendations.positions import positions
from recommendations.rules import Status, london_day
from tests.factories import (
    ASSIGNED_AT,
    AssignmentFactory,
    InspectionFactory,
    RecommendationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
AT = ASSIGNED_AT + timedelta(days=1)
LATER = AT + timedelta(days=1)


@pytest.fixture
def analyst():
    return UserFactory()


@pytest.fixture
def withdraw(analyst):
    def withdraw(assignment, other=None):
        return withdraw_assignment(
            assignment=assignment,
            kind="superseded" if other else "no_further_action",
            superseded_by=other,
            reason="Merged.",
            by=analyst,
            at=AT,
        )

    return withdraw


def test_a_withdrawal_closes_the_assignment_once(withdraw):
    assignment = AssignmentFactory()
    withdraw(assignment)
    assignment.refresh_from_db()
    assert assignment.status == Status.WITHDRAWN
    with pytest.raises(Refusal, match="you cannot withdraw it"):
        withdraw(assignment)


def test_a_corrected_kind_counts_from_its_instant_on(withdraw, analyst):
    assignment = AssignmentFactory()
    later = RecommendationFactory(inspection=InspectionFactory(slug="later"), number=3)
    withdraw(assignment, later)
    correction = {"kind": "not_accepted", "reason": "A mistake.", "by": analyst, "at": LATER}
    first = record_ending(assignment=assignment, **correction)
    assert record_ending(assignment=assignment, **correction) == first  # a second click
    inspection = assignment.recommendation.inspection
    days = [positions.as_at(inspection, on=london_day(at))[0] for at in (ASSIGNED_AT, AT, LATER)]
    assert [(day.ending, day.superseded_by) for day in days] == [
        ("", ""),
        ("superseded", "later/3"),
        ("not_accepted", ""),
    ]
    assert positions.mismatched_ids() == []


def test_a_withdrawal_of_the_time_before_kinds_has_none_until_it_is_said(analyst):
    assignment = AssignmentFactory()
    with pytest.raises(Refusal, match="has not been withdrawn"):
        record_ending(assignment=assignment, kind="not_accepted", reason="No.", by=analyst, at=AT)
    Withdrawal.objects.create(
        assignment=assignment, reason="Old.", withdrawn_at=AT, withdrawn_by=analyst
    )
    positions.refresh([assignment.pk])
    assignment.refresh_from_db()
    assert (assignment.status, assignment.ending) == (Status.WITHDRAWN, "")
    record_ending(assignment=assignment, kind="not_accepted", reason="No.", by=analyst, at=LATER)
    assignment.refresh_from_db()
    assert assignment.ending == "not_accepted"


def test_recommendations_do_not_supersede_each_other_in_a_circle(withdraw, analyst):
    first, second, third = (AssignmentFactory() for _ in range(3))
    withdraw(first, second.recommendation)
    withdraw(second, third.recommendation)
    with pytest.raises(Refusal, match="would be a circle"):
        withdraw(third, first.recommendation)
    with pytest.raises(Refusal, match="would be a circle"):
        withdraw(third, third.recommendation)
    withdrawal = withdraw(third)
    for other in (first, third):
        with pytest.raises(IntegrityError, match="would supersede itself"), transaction.atomic():
            Ending.objects.create(
                withdrawal=withdrawal,
                number=2,
                kind="superseded",
                superseded_by=other.recommendation,
                reason="Wrong.",
                recorded_at=LATER,
                recorded_by=analyst,
            )
