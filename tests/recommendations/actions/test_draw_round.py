"""Test rounds: the seed before the draw, independent testers, and results that are corrected."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from forces.models import Body, Role
from forces.refusal import Refusal
from recommendations.actions.draw_round import draw_round, fix_seed, is_repeatable
from recommendations.claim_tests import draw
from recommendations.models import AssuranceDraw, ClaimTest, ClaimTestResult, Update
from recommendations.positions import positions
from recommendations.positions.assurance import (
    Assurance,
    assurance_of,
    drawn_rounds,
    national_round,
    outcomes_of_tests,
)
from recommendations.positions.past_time import AsAt
from recommendations.rules import london_day
from tests.factories import (
    NationalBodyFactory,
    UserFactory,
    accept,
    add_test_round,
    claim,
    record_outcome,
    reverse_review,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def accepted(world):
    """The accepted claims of three forces, all reviewed by the same analyst."""
    for name in ("Surrey", "Norfolk"):
        accept(claim(world.assignment(name, 1), at=world.now), at=world.now, by=world.analyst)
    return set(Update.objects.filter(review__decision="accepted").values_list("pk", flat=True))


@pytest.fixture
def testers(accepted):
    """Two more analysts."""
    return {UserFactory(), UserFactory()}


def test_accepted_claims_are_drawn_and_testers_take_turns(world, accepted, testers):
    tests = add_test_round(world.inspection, by=world.analyst, at=world.now + HOUR)
    assert [test.claim_id for test in tests] == draw(accepted, seed="7 11 13", size=40)
    assert {test.tester for test in tests[:2]} == testers  # not who accepted them
    drawn = tests[0].round.draw
    assert is_repeatable(drawn, [test.claim_id for test in tests])
    assert draw_round(round=tests[0].round, by=world.analyst, at=world.now + 2 * HOUR) == drawn
    accept(
        claim(world.assignment("Surrey", 2), at=world.now), at=world.now, by=world.analyst
    )  # for a time before the draw
    assert not is_repeatable(drawn, [test.claim_id for test in tests])


def test_no_second_seed_is_fixed_before_the_draw(world):
    options = {"seed_source": "A lottery", "size": 3, "by": world.analyst, "at": world.now}
    fixed = fix_seed(inspection=world.inspection, seed="1", **options)
    with pytest.raises(Refusal, match="Test round 1 has a seed and is not drawn yet"):
        fix_seed(inspection=world.inspection, seed="2", **options)
    with pytest.raises(Refusal, match="Try again"):
        draw_round(round=fixed, by=world.analyst, at=world.now)


def test_who_decided_or_works_for_the_organisation_does_not_test(world, accepted, testers):
    for person in testers:
        person.is_active = False
        person.save()
    with pytest.raises(Refusal, match="needs another analyst than the one who decided"):
        add_test_round(world.inspection, by=world.analyst, at=world.now + HOUR)


def test_claims_of_the_department_are_tested_by_second_reviewers(world, testers):
    Body.objects.filter(pk=world.lead.pk).update(reviews_claims=True)
    own = world.recommendations[0].assignments.get(body=world.lead)
    second = UserFactory(role=Role.SECOND_REVIEWER, body=NationalBodyFactory())
    accept(claim(own, at=world.now), at=world.now, by=world.analyst)
    tests = add_test_round(world.inspection, by=world.analyst, at=world.now + HOUR)
    assert {test.tester == second: test.claim.assignment == own for test in tests} == {
        True: True,
        False: False,
    }


@pytest.mark.parametrize(
    ("person", "reason"), [("officer", "works for"), ("analyst", "decided about")]
)
def test_the_database_refuses_testers_who_are_not_independent(world, person, reason):
    UserFactory()
    person = getattr(world, person)
    test = add_test_round(world.inspection, by=world.analyst, at=world.now)[0]  # of Kent
    result = {"outcome": "held", "recorded_at": world.now + HOUR, "recorded_by": person}
    with pytest.raises(IntegrityError, match=reason), transaction.atomic():
        ClaimTestResult.objects.create(test=test, number=1, **result)
    fixed = fix_seed(
        inspection=world.inspection,
        seed="1",
        seed_source="A lottery",
        size=1,
        by=world.analyst,
        at=world.now,
    )
    drawn = {"drawn_at": world.now + HOUR, "drawn_by": world.analyst}
    AssuranceDraw.objects.create(round=fixed, claims_count=1, **drawn)
    ClaimTest.objects.create(round=fixed, number=1, claim=test.claim, tester=person)
    with pytest.raises(IntegrityError, match=reason):
        connection.check_constraints()


def test_no_claim_is_added_to_a_round_later(world, accepted, testers):
    test = add_test_round(world.inspection, by=world.analyst, at=world.now + HOUR, size=1)[0]
    other = (accepted - {test.claim_id}).pop()
    ClaimTest.objects.create(round=test.round, number=2, claim_id=other, tester=test.tester)
    with pytest.raises(IntegrityError, match="another size"):
        connection.check_constraints()


def test_results_are_corrected_by_new_rows_and_past_days_keep_the_old_ones(
    world, accepted, testers
):
    first, second, third = add_test_round(world.inspection, by=world.analyst, at=world.now)
    later = world.now + HOUR
    record_outcome(first, at=later)
    record_outcome(second, "not_possible", at=later)
    record_outcome(third, at=later)
    with pytest.raises(Refusal, match="Somebody has recorded a result"):
        record_outcome(first, "not_held", at=later + HOUR)
    record_outcome(first, "not_held", at=later + HOUR, seen=1)
    words = "of 2 tested, 1 held (between 9% and 91%)"
    shares = [
        national_round(drawn_rounds(world.inspection, past)).share
        for past in (None, AsAt.of(later))
    ]
    assert [(share.held, share.tested) for share in shares] == [(1, 2), (2, 2)]
    assert shares[0].words == words
    outcomes = outcomes_of_tests(world.inspection, None)
    assert outcomes == {first.claim_id: "not_held", third.claim_id: "held"}
    by_claim = {
        row.latest_update_id: assurance_of(row, outcomes)
        for row in positions.today(world.inspection, on=london_day(world.now))
    }
    assert by_claim[first.claim_id] == Assurance.NOT_HELD
    assert by_claim[second.claim_id] == Assurance.ACCEPTED
    assert by_claim[third.claim_id] == Assurance.HELD
    assert by_claim[world.assignment("Essex", 1).latest_update_id] == Assurance.SAID
    assert by_claim[None] is None


def test_a_claim_that_is_returned_afterwards_still_counts_as_tested(world, testers):
    test = add_test_round(world.inspection, by=world.analyst, at=world.now)[0]
    record_outcome(test, "not_held", at=world.now + HOUR)
    review = test.claim.review
    reverse_review(review=review, reason="No.", by=world.analyst, at=world.now + 2 * HOUR)
    assert national_round(drawn_rounds(world.inspection)).share.tested == 1
