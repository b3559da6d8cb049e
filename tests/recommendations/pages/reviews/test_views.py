from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from forces.models import Role
from recommendations import rules, wording
from recommendations.actions.withdraw_assignment import withdraw_assignment
from recommendations.models import Review, Update
from tests.factories import (
    ASSIGNED_AT,
    AssignmentFactory,
    OfficerFactory,
    UserFactory,
    accept,
    claim,
    send_back,
    submit,
)
from tests.recommendations.pages.pages import hidden, place, step, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(assignment, officer) -> Update:
    return claim(assignment, at=timezone.now() - timedelta(days=1), by=officer)


def url_of(update: Update) -> str:
    return reverse("review", args=[update.pk])


def test_an_officers_claim_reaches_the_queue_and_is_accepted(client, assignment, officer, analyst):
    client.force_login(officer)
    page = client.post(reverse("update", args=place(assignment)), follow=True)
    answers = {"status": "implemented", "confidence": "green"}
    page = client.post(step(assignment, "status"), hidden(page) | answers, follow=True)
    answers = {"account": "All of it is done."}
    page = client.post(step(assignment, "progress"), hidden(page) | answers, follow=True)
    assert "When do you expect" not in text_of(page)
    client.post(step(assignment, "outlook"), hidden(page))
    page = client.get(step(assignment, "sign-off"))
    answers = {"signed_off_by": "Superintendent Jo Hale"}
    page = client.post(step(assignment, "sign-off"), hidden(page) | answers, follow=True)
    assert "All of it is done." in text_of(page)
    page = client.post(reverse("update_check", args=place(assignment)), hidden(page), follow=True)
    assert "Your claim is sent" in text_of(page)

    client.force_login(analyst)
    sent = Update.objects.get()
    assert url_of(sent) in text_of(client.get(reverse("reviews")))
    page = client.post(url_of(sent), {"decision": "accepted"}, follow=True)
    assert "is accepted for" in text_of(page)
    assert "No claims are waiting" in text_of(page)
    assignment.refresh_from_db()
    assert assignment.status == "implemented"


@pytest.mark.parametrize("role", [Role.LIAISON_OFFICER, Role.OBSERVER, Role.ADMINISTRATOR])
def test_reviews_are_the_analysts_alone(client, waiting, assignment, role):
    body = None if role == Role.ADMINISTRATOR else assignment.body
    client.force_login(UserFactory(role=role, body=body))
    assert client.get(reverse("reviews")).status_code == 404
    assert client.get(url_of(waiting)).status_code == 404
    assert client.post(url_of(waiting), {"decision": "accepted"}).status_code == 404
    assert not Review.objects.exists()


def test_whoever_is_signed_out_signs_in_first(client, waiting):
    assert client.get(url_of(waiting)).status_code == 302
    assert client.post(url_of(waiting), {"decision": "accepted"}).status_code == 403
    assert not Review.objects.exists()


def test_other_methods_are_refused(client, waiting, analyst):
    client.force_login(analyst)
    assert client.post(reverse("reviews")).status_code == 405
    assert client.put(url_of(waiting)).status_code == 405


def test_what_is_no_claim_is_not_found(client, assignment, analyst):
    client.force_login(analyst)
    told = submit(assignment, at=ASSIGNED_AT)
    for number in (told.pk, 10**30):
        assert client.get(f"/reviews/{number}/").status_code == 404


def test_the_oldest_claim_comes_first_and_late_reviews_are_marked(client, analyst):
    first = AssignmentFactory()
    inspection = first.recommendation.inspection
    second = AssignmentFactory(recommendation__inspection=inspection)
    now = timezone.now()
    newer = claim(second, at=now - timedelta(days=1))
    older = claim(first, at=now - timedelta(days=30))
    client.force_login(analyst)
    shown = text_of(client.get(reverse("reviews")))
    assert shown.index(url_of(older)) < shown.index(url_of(newer))
    assert "2 claims wait for review; 1 has waited longer than ten working days." in shown
    assert shown.count("Review late") == 1
    assert wording.day(rules.review_due_on(claimed_at=older.submitted_at)) in shown


def test_an_empty_queue_says_so(client, assignment, analyst):
    client.force_login(analyst)
    assert "No claims are waiting" in text_of(client.get(reverse("reviews")))


def test_a_claim_is_shown_beside_what_was_asked_and_said_before(
    client, assignment, officer, analyst
):
    submit(assignment, at=ASSIGNED_AT, by=officer, account="Half of it.")
    waiting = claim(assignment, at=timezone.now(), by=officer)
    client.force_login(analyst)
    shown = text_of(client.get(url_of(waiting)))
    assert "It is done." in shown
    assert "Half of it." in shown
    assert assignment.recommendation.summary in shown
    assert assignment.get_absolute_url() in shown


def test_a_claim_is_returned_with_a_reason(client, waiting, assignment, analyst):
    client.force_login(analyst)
    typed = {
        "decision": "returned",
        "causes": ["not_shown"],
        "reason": "Which sergeants?\r\nAnd when?",
    }
    page = client.post(url_of(waiting), typed, follow=True)
    assert "is returned to" in text_of(page)
    assert Review.objects.get().reason == "Which sergeants?\nAnd when?"
    assignment.refresh_from_db()
    assert assignment.status == "in_progress"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Select whether you accept or return the claim"),
        (
            {"decision": "returned", "causes": ["not_shown"], "reason": " "},
            "Enter why you return the claim",
        ),
        ({"decision": "withdrawn"}, "Select whether you accept or return the claim"),
    ],
)
def test_a_missing_answer_gets_a_sentence_beside_it(client, waiting, analyst, typed, sentence):
    client.force_login(analyst)
    shown = text_of(client.post(url_of(waiting), typed))
    assert shown.count(sentence) == 2
    assert not Review.objects.exists()


def test_a_reason_without_a_decision_is_kept(client, waiting, analyst):
    client.force_login(analyst)
    assert "My long reason" in text_of(client.post(url_of(waiting), {"reason": "My long reason"}))


def test_a_comment_on_an_accepted_claim_is_kept(client, waiting, analyst):
    client.force_login(analyst)
    client.post(url_of(waiting), {"decision": "accepted", "reason": "Well evidenced."})
    assert Review.objects.get().reason == "Well evidenced."


def test_another_analysts_decision_stands_and_is_named(client, waiting, analyst):
    send_back(waiting, at=timezone.now(), by=UserFactory(name="Cy Field"))
    client.force_login(analyst)
    assert "Cy Field returned this claim at" in text_of(client.get(url_of(waiting)))
    typed = {"decision": "accepted", "reason": "I find it good"}
    page = client.post(url_of(waiting), typed)
    assert page.status_code == 409
    assert "Your decision was not recorded" in text_of(page)
    assert "Cy Field returned this claim at" in text_of(page)
    assert "I find it good" in text_of(page)


def test_a_second_click_is_answered_kindly(client, waiting, analyst):
    accept(waiting, at=timezone.now(), by=analyst)
    client.force_login(analyst)
    page = client.post(url_of(waiting), {"decision": "accepted"}, follow=True)
    assert page.status_code == 200
    assert "You accepted this claim at" in text_of(page)
    assert Review.objects.count() == 1


def test_a_claim_withdrawn_meanwhile_is_explained(client, waiting, assignment, analyst):
    withdraw_assignment(assignment=assignment, reason="Merged", by=analyst, at=timezone.now())
    client.force_login(analyst)
    page = client.post(url_of(waiting), {"decision": "accepted", "reason": "My words"})
    assert page.status_code == 409
    assert "not waiting for review" in text_of(page)
    assert "My words" in text_of(page)


def test_ten_claims_ask_as_many_queries_as_one(client, assignment, analyst):
    client.force_login(analyst)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("reviews"))
        return len(captured)

    inspection = assignment.recommendation.inspection
    claim(assignment, at=timezone.now())
    one = queries()
    for _ in range(9):
        other = AssignmentFactory(recommendation__inspection=inspection)
        claim(other, at=timezone.now(), by=OfficerFactory(body=other.body))
    assert queries() == one
    assert one <= 6


def test_one_claim_asks_few_queries(client, waiting, analyst, django_assert_max_num_queries):
    client.force_login(analyst)
    with django_assert_max_num_queries(8):
        client.get(url_of(waiting))
