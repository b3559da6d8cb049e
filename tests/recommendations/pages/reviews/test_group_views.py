"""Holding claims, accepting several, and putting a decision right."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from forces.models import AuditEvent, Role
from recommendations.models import Review, ReviewCorrection, ReviewHold
from recommendations.positions import positions
from recommendations.rules import Status
from tests.factories import (
    AssignmentFactory,
    OfficerFactory,
    UserFactory,
    accept,
    claim,
    send_back,
    submit,
)
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def colleague(db):
    return UserFactory(name="Coll Eague")


@pytest.fixture
def waiting(assignment):
    return claim(assignment, at=timezone.now() - DAY)


@pytest.fixture
def several(assignment):
    """Three waiting claims of one recommendation."""
    others = [AssignmentFactory(recommendation=assignment.recommendation) for _ in range(2)]
    return [claim(each, at=timezone.now() - DAY) for each in (assignment, *others)]


def url_of(name: str, update) -> str:
    return reverse(name, args=[update.pk])


def together(update) -> str:
    return reverse("reviews_together", args=[update.assignment.recommendation.number])


def test_a_held_claim_is_shown_as_held_and_decided_by_its_holder_only(
    client, waiting, analyst, colleague
):
    client.force_login(analyst)
    client.post(url_of("review_hold", waiting), {"action": "hold"})
    assert "You are reviewing this." in text_of(client.get(url_of("review", waiting)))
    client.force_login(colleague)
    assert "Ana Lyst has been reviewing this claim" in text_of(
        client.get(url_of("review", waiting))
    )
    assert "Ana Lyst" in text_of(client.get(reverse("reviews")))
    page = client.post(url_of("review", waiting), {"decision": "accepted", "reason": "Well done"})
    assert page.status_code == 409
    assert "Ana Lyst is reviewing this claim" in text_of(page)
    assert "Well done" in text_of(page)
    assert not Review.objects.exists()
    assert client.post(url_of("review_hold", waiting), {"action": "hold"}).status_code == 409
    client.post(url_of("review_hold", waiting), {"action": "take_over"})
    client.post(url_of("review", waiting), {"decision": "accepted"})
    assert Review.objects.get().reviewed_by == colleague
    assert not ReviewHold.objects.exists()
    assert set(AuditEvent.objects.values_list("act", flat=True)) >= {
        "claim held",
        "claim taken over",
        "claim accepted",
    }


def test_a_hold_lapses_after_an_hour_and_can_be_given_up(client, waiting, analyst, colleague):
    ReviewHold.objects.create(
        update=waiting, held_by=colleague, held_at=timezone.now() - timedelta(minutes=61)
    )
    client.force_login(analyst)
    assert "Coll Eague" not in text_of(client.get(url_of("review", waiting)))
    client.post(url_of("review_hold", waiting), {"action": "hold"})
    assert ReviewHold.objects.get().held_by == analyst
    client.post(url_of("review_hold", waiting), {"action": "release"})
    assert not ReviewHold.objects.exists()


def test_a_claim_is_returned_with_causes_and_words(client, waiting, analyst):
    client.force_login(analyst)
    page = client.post(url_of("review", waiting), {"decision": "returned"})
    assert "Select what is the matter with the claim" in text_of(page)
    assert "Enter why you return the claim" in text_of(page)
    typed = {"decision": "returned", "causes": ["no_evidence", "part_done"], "reason": "Send it."}
    client.post(url_of("review", waiting), typed)
    assert Review.objects.get().causes == ["no_evidence", "part_done"]
    officer = OfficerFactory(body=waiting.assignment.body)
    client.force_login(officer)
    shown = text_of(client.get(waiting.assignment.get_absolute_url()))
    assert "There is no evidence" in shown
    assert "Send it." in shown


def test_several_claims_are_accepted_after_each_was_read(client, several, analyst):
    client.force_login(analyst)
    page = client.get(together(several[0]))
    assert text_of(page).count("It is done.") == 3
    assert "Select the claims that you accept" in text_of(client.post(together(several[0])))
    ticked = [several[0].pk, several[2].pk]
    page = client.post(together(several[0]), {"claims": ticked}, follow=True)
    assert "2 claims are accepted." in text_of(page)
    assert set(Review.objects.values_list("update_id", flat=True)) == set(ticked)
    again = client.post(together(several[0]), {"claims": ticked}, follow=True)
    assert again.status_code == 200
    assert Review.objects.count() == 2
    assert positions.differing() == []


def test_all_or_none_of_several_is_accepted(client, several, analyst, colleague):
    send_back(several[1], at=timezone.now(), by=colleague)
    client.force_login(analyst)
    page = client.post(together(several[0]), {"claims": [each.pk for each in several]})
    assert page.status_code == 409
    assert "Coll Eague has already returned this claim. No claim was accepted." in text_of(page)
    assert Review.objects.count() == 1


def test_an_accepted_claim_is_returned_after_all_and_back(client, waiting, analyst, assignment):
    accept(waiting, at=timezone.now() - timedelta(hours=2), by=analyst)
    client.force_login(analyst)
    url = url_of("review_correct", waiting)
    assert "Correct this decision" in text_of(client.get(url_of("review", waiting)))
    assert "Enter why the decision was wrong" in text_of(client.post(url, {"reason": " "}))
    typed = {"to": "returned", "reason": "The wrong file was read."}
    page = client.post(url, typed, follow=True)
    assert "The decision is corrected." in text_of(page)
    assignment.refresh_from_db()
    assert assignment.status == Status.IN_PROGRESS
    assert positions.differing() == []
    client.force_login(OfficerFactory(body=assignment.body))
    shown = text_of(client.get(assignment.get_absolute_url()))
    assert "Review corrected: claim returned" in shown
    assert shown.count("The wrong file was read.") == 2  # on top, and in the history
    client.force_login(analyst)
    client.post(url, {"to": "accepted", "reason": "It was right."})
    assert [each.decision for each in ReviewCorrection.objects.order_by("number")] == [
        "returned",
        "accepted",
    ]
    assignment.refresh_from_db()
    assert assignment.status == Status.IMPLEMENTED


def test_a_decision_stands_once_something_newer_was_sent(client, waiting, analyst, assignment):
    send_back(waiting, at=timezone.now() - timedelta(hours=2), by=analyst)
    submit(assignment, at=timezone.now() - timedelta(hours=1))
    client.force_login(analyst)
    typed = {"to": "accepted", "reason": "It was fine."}
    page = client.post(url_of("review_correct", waiting), typed)
    assert page.status_code == 409
    assert "A newer update was sent since" in text_of(page)
    assert "It was fine." in text_of(page)
    assert not ReviewCorrection.objects.exists()


def test_a_correction_sent_twice_does_not_undo_itself(client, waiting, analyst, assignment):
    accept(waiting, at=timezone.now() - timedelta(hours=2), by=analyst)
    client.force_login(analyst)
    url = url_of("review_correct", waiting)
    shown = text_of(client.get(url))
    assert 'name="to" value="returned"' in shown
    typed = {"to": "returned", "reason": "The wrong file was read."}
    client.post(url, typed)
    page = client.post(url, typed)
    assert page.status_code == 409
    assert "The claim is returned already, by Ana Lyst." in text_of(page)
    assert "The wrong file was read." in text_of(page)
    assert ReviewCorrection.objects.count() == 1


def test_taking_a_claim_over_keeps_what_was_typed(client, waiting, analyst, colleague):
    client.force_login(colleague)
    client.post(url_of("review_hold", waiting), {"action": "hold"})
    client.force_login(analyst)
    typed = {"decision": "returned", "reason": "The file is of last year."}
    page = client.post(
        url_of("review_hold", waiting), {**typed, "action": "take_over"}, follow=True
    )
    assert "You are reviewing this." in text_of(page)
    assert "The file is of last year." in text_of(page)
    assert not Review.objects.exists()


@pytest.mark.parametrize("role", [Role.LIAISON_OFFICER, Role.OBSERVER, Role.ADMINISTRATOR])
def test_only_analysts_review(client, waiting, role):
    accept(waiting, at=timezone.now())
    body = waiting.assignment.body if role == Role.LIAISON_OFFICER else None
    client.force_login(UserFactory(role=role, body=body))
    for url in (
        url_of("review_hold", waiting),
        url_of("review_correct", waiting),
        together(waiting),
    ):
        assert client.post(url).status_code == 404


def test_the_queue_is_filtered_and_asks_a_constant_number_of_queries(
    client, several, analyst, django_assert_max_num_queries
):
    other = claim(
        AssignmentFactory(
            recommendation__inspection=several[0].assignment.recommendation.inspection
        ),
        at=timezone.now(),
    )
    client.force_login(analyst)
    number = several[0].assignment.recommendation.number
    with django_assert_max_num_queries(7):
        shown = text_of(client.get(reverse("reviews"), {"recommendation": number}))
    assert url_of("review", several[0]) in shown
    assert url_of("review", other) not in shown
    with django_assert_max_num_queries(10):
        client.get(together(several[0]))
    with django_assert_max_num_queries(14):
        client.get(url_of("review", several[0]))
