from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from forces.refusal import Refusal
from recommendations import rules
from recommendations.actions.review_claim import return_claim
from recommendations.models import Review
from recommendations.rules import Flag, Status
from tests.factories import (
    ASSIGNED_AT,
    AssignmentFactory,
    UserFactory,
    accept,
    claim,
    send_back,
    submit,
)

LONDON = ZoneInfo("Europe/London")


@pytest.mark.django_db
class TestReviewing:
    def test_an_accepted_claim_is_implemented(self):
        assignment = AssignmentFactory()
        accept(claim(assignment, at=ASSIGNED_AT), at=ASSIGNED_AT)
        assignment.refresh_from_db()
        assert assignment.status == Status.IMPLEMENTED

    def test_a_returned_claim_is_overdue_again_from_the_same_due_date(self):
        assignment = AssignmentFactory(original_due_on=date(2026, 6, 30))
        update = claim(assignment, at=datetime(2026, 6, 29, 12, tzinfo=LONDON))
        send_back(update, at=datetime(2026, 7, 20, 12, tzinfo=LONDON))
        assignment.refresh_from_db()
        assert assignment.status == Status.IN_PROGRESS
        assert rules.days_overdue(assignment, on=date(2026, 7, 20)) == 20
        episode = assignment.flag_episodes.get(flag=Flag.OVERDUE)
        assert episode.raised_on == date(2026, 7, 20)
        assert episode.raised_because == "claim returned"

    def test_a_late_claim_is_shown_as_late(self):
        assignment = AssignmentFactory(original_due_on=date(2026, 6, 30))
        claim(assignment, at=datetime(2026, 7, 1, 0, 0, tzinfo=LONDON))
        assert assignment.is_late

    def test_a_claim_is_not_returned_without_a_reason(self):
        update = claim(AssignmentFactory(), at=ASSIGNED_AT)
        with pytest.raises(Refusal, match="Enter why"):
            return_claim(claim=update, reason=" \n ", by=UserFactory(), at=ASSIGNED_AT)
        assert not Review.objects.exists()

    def test_the_second_reviewer_learns_who_was_first(self):
        update = claim(AssignmentFactory(), at=ASSIGNED_AT)
        accept(update, at=ASSIGNED_AT, by=UserFactory(name="Imran Hale"))
        with pytest.raises(Refusal, match="Imran Hale has already accepted this claim"):
            send_back(update, at=ASSIGNED_AT)

    def test_only_claims_can_be_reviewed(self):
        update = submit(AssignmentFactory(), at=ASSIGNED_AT)
        with pytest.raises(Refusal, match="not waiting for review"):
            accept(update, at=ASSIGNED_AT)

    def test_after_a_return_the_organisation_can_claim_again(self):
        assignment = AssignmentFactory()
        send_back(claim(assignment, at=ASSIGNED_AT), at=ASSIGNED_AT)
        again = claim(assignment, at=ASSIGNED_AT + timedelta(days=1))
        assert again.number == 2
        assert assignment.status == Status.EVIDENCE_SUBMITTED


@pytest.mark.django_db(transaction=True)
def test_two_simultaneous_decisions_make_one_review():
    update = claim(AssignmentFactory(), at=ASSIGNED_AT)
    analysts = [UserFactory(), UserFactory()]

    def decide(number: int) -> str:
        try:
            act = accept if number % 2 else send_back
            return act(update, at=ASSIGNED_AT, by=analysts[number % 2]).decision
        except Refusal as refusal:
            return str(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(decide, range(4)))
    assert Review.objects.count() == 1
    assert sum(answer in Review.Decision.values for answer in answers) == 1
    assert sum("has already" in answer for answer in answers) == 3
