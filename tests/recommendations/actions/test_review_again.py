from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from forces.accounts.memberships import add_membership
from forces.models import Role
from forces.refusal import Refusal
from recommendations.actions.review_again import confirm_acceptance, return_accepted
from recommendations.models import SecondReview
from recommendations.rules import Status, london_day
from tests.factories import (
    ASSIGNED_AT,
    AssignmentFactory,
    NationalBodyFactory,
    OfficerFactory,
    UserFactory,
    accept,
    claim,
)

NEXT = ASSIGNED_AT + timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def department():
    return NationalBodyFactory(reviews_claims=True)


@pytest.fixture
def reviewer():
    return UserFactory(role=Role.SECOND_REVIEWER, body=NationalBodyFactory())


@pytest.fixture
def accepted(department):
    """A claim of the department, which one of its analysts has accepted."""
    return accept(claim(AssignmentFactory(body=department), at=ASSIGNED_AT), at=ASSIGNED_AT).update


def test_a_claim_of_the_department_is_self_assessed_until_a_second_review(accepted, reviewer):
    accepted.assignment.refresh_from_db()
    assert accepted.assignment.is_self_assessed
    confirm_acceptance(claim=accepted, comment="Seen.", by=reviewer, at=NEXT)
    accepted.assignment.refresh_from_db()
    assert not accepted.assignment.is_self_assessed
    assert accepted.assignment.status == Status.IMPLEMENTED
    with pytest.raises(Refusal, match="does not wait"):
        confirm_acceptance(claim=accepted, comment="", by=reviewer, at=NEXT)


def test_a_second_reviewer_can_return_the_claim(accepted, reviewer):
    return_accepted(claim=accepted, reason="Nothing shows it.", by=reviewer, at=NEXT)
    accepted.assignment.refresh_from_db()
    assert (accepted.assignment.status, accepted.assignment.is_returned) == ("in_progress", True)
    assert not accepted.assignment.is_self_assessed


def test_a_claim_of_another_organisation_needs_no_second_review(reviewer):
    other = accept(claim(AssignmentFactory(), at=ASSIGNED_AT), at=ASSIGNED_AT).update
    with pytest.raises(Refusal, match="does not wait"):
        confirm_acceptance(claim=other, comment="", by=reviewer, at=NEXT)


def _reviewer_also(role, body, reviewer):
    add_membership(
        person=reviewer,
        body=body,
        role=role,
        from_on=london_day(ASSIGNED_AT),
        until_on=None,
        by=None,
        at=ASSIGNED_AT,
    )
    return reviewer


CHOICES = {
    "an analyst": lambda department, reviewer: UserFactory(),
    "of the department": lambda department, reviewer: UserFactory(
        role=Role.SECOND_REVIEWER, body=department
    ),
    "also an analyst": lambda department, reviewer: _reviewer_also(Role.ANALYST, None, reviewer),
    "also an officer of the department": lambda department, reviewer: _reviewer_also(
        Role.LIAISON_OFFICER, department, reviewer
    ),
    "an officer": lambda department, reviewer: OfficerFactory(),
}


@pytest.mark.parametrize("choose", CHOICES.values(), ids=CHOICES)
def test_nobody_of_the_department_confirms_its_claims(choose, accepted, department, reviewer):
    by = choose(department, reviewer)
    if by.role == Role.SECOND_REVIEWER:
        with pytest.raises(Refusal):
            confirm_acceptance(claim=accepted, comment="", by=by, at=NEXT)
    body = by.body or reviewer.body
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondReview.objects.create(
            review=accepted.review, body=body, reviewed_at=NEXT, reviewed_by=by
        )


def test_the_database_refuses_a_second_review_of_a_returned_claim(accepted, reviewer):
    return_accepted(claim=accepted, reason="Nothing shows it.", by=reviewer, at=NEXT)
    with pytest.raises(IntegrityError, match="cannot be confirmed"), transaction.atomic():
        SecondReview.objects.create(
            review=accepted.review, body=reviewer.body, reviewed_at=NEXT, reviewed_by=reviewer
        )
