"""A text is confirmed by two people, and a correction has to be confirmed again."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from forces.models import AuditEvent
from forces.refusal import Refusal
from recommendations.actions import aspect_checks
from recommendations.actions.amend_recommendation import amend_recommendation
from recommendations.actions.aspect_checks import Source, confirm_aspects
from recommendations.models import Aspect, AspectCheck, Certainty, Recommendation
from tests.factories import (
    ASSIGNED_AT,
    AssignmentFactory,
    ForceFactory,
    RecommendationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
REPORT = Source("Both sides of the coin, HMICFRS, 2020", "9")
LATER = ASSIGNED_AT + timedelta(hours=1)


@pytest.fixture
def people():
    return UserFactory(), UserFactory()


def enter(recommendation, by, **changes) -> AspectCheck:
    amend_recommendation(
        recommendation=recommendation,
        by=by,
        at=ASSIGNED_AT,
        sources={Aspect.WORDING: REPORT},
        **changes,
    )
    return current(recommendation)


def current(recommendation) -> AspectCheck:
    return Recommendation.objects.get(pk=recommendation.pk).current_checks[Aspect.WORDING]


def test_what_one_person_entered_another_one_confirms(people):
    recommendation = RecommendationFactory()
    entered = enter(recommendation, people[0], text="Verbatim.", text_is_verbatim=True)
    assert (entered.certainty, entered.entered_by) == (Certainty.REPORTED, people[0])
    with pytest.raises(Refusal, match="You entered this"):
        confirm_aspects(
            recommendation=recommendation, check_ids=[entered.pk], by=people[0], at=LATER
        )
    confirm_aspects(recommendation=recommendation, check_ids=[entered.pk], by=people[1], at=LATER)
    confirmed = current(recommendation)
    assert confirmed.certainty == Certainty.CONFIRMED
    assert (confirmed.entered_by, confirmed.checked_by) == people
    assert AuditEvent.objects.get(act="text confirmed").details == {"aspects": ["wording"]}


def test_a_correction_is_not_confirmed_by_whoever_wrote_it(people):
    """The second person changes the text, and has then entered it."""
    recommendation = RecommendationFactory()
    entered = enter(recommendation, people[0], text_is_verbatim=True)
    amend_recommendation(recommendation=recommendation, text="Other.", by=people[1], at=LATER)
    with pytest.raises(Refusal, match="has changed since you opened this page"):
        confirm_aspects(
            recommendation=recommendation, check_ids=[entered.pk], by=people[1], at=LATER
        )
    latest = current(recommendation)
    with pytest.raises(Refusal, match=aspect_checks.OWN_ENTRY):
        confirm_aspects(
            recommendation=recommendation, check_ids=[latest.pk], by=people[1], at=LATER
        )


def test_a_confirmed_text_that_is_corrected_is_confirmed_no_more(people):
    recommendation = RecommendationFactory()
    entered = enter(recommendation, people[0], text_is_verbatim=True)
    confirm_aspects(recommendation=recommendation, check_ids=[entered.pk], by=people[1], at=LATER)
    amend_recommendation(recommendation=recommendation, text="Other.", by=people[1], at=LATER)
    assert current(recommendation).certainty == Certainty.REPORTED


@pytest.mark.parametrize("checker", ["the same person", "nobody", "no page"])
def test_the_database_confirms_nothing_with_one_person_or_without_a_page(people, checker):
    check = AspectCheck(
        recommendation=RecommendationFactory(),
        aspect=Aspect.GIST,
        number=1,
        certainty=Certainty.CONFIRMED,
        source="The report",
        page="" if checker == "no page" else "9",
        entered_at=ASSIGNED_AT,
        entered_by=people[0],
        checked_at=LATER,
        checked_by={"the same person": people[0], "nobody": None}.get(checker, people[1]),
    )
    with pytest.raises(IntegrityError, match="confirmed_by_two_people"), transaction.atomic():
        check.save()


def test_a_first_ask_assigns_every_force_and_is_not_removed_without_a_reason(people):
    force = ForceFactory()
    recommendation = RecommendationFactory(force_ask="", force_done_when="")
    ask = {"force_ask": "Do it.", "force_done_when": "It is done."}
    amend_recommendation(recommendation=recommendation, by=people[0], at=ASSIGNED_AT, **ask)
    assignment = recommendation.assignments.get(body=force)
    assert (assignment.assigned_at, assignment.due_on) == (ASSIGNED_AT, recommendation.due_on)
    nothing = dict.fromkeys(ask, "")
    with pytest.raises(Refusal, match="Enter why forces are no longer asked"):
        amend_recommendation(recommendation=recommendation, by=people[0], at=LATER, **nothing)


def test_the_wording_of_a_summary_cannot_be_confirmed(people):
    recommendation = RecommendationFactory()
    entered = enter(recommendation, people[0])
    with pytest.raises(Refusal, match="The text is our summary"):
        confirm_aspects(
            recommendation=recommendation, check_ids=[entered.pk], by=people[1], at=LATER
        )


def test_an_ask_says_when_it_is_done(people):
    assignment = AssignmentFactory()
    with pytest.raises(Refusal, match="when that counts as done"):
        amend_recommendation(
            recommendation=assignment.recommendation, force_done_when="", by=people[0], at=LATER
        )
