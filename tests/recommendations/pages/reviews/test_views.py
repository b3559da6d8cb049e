"""The queue of claims, reviewing one, and the decision on it."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from forces.models import Role
from recommendations import lateness, rules, wording
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
from tests.recommendations.pages.pages import fill_in, hidden, place, text_of
from tests.recommendations.pages.reviews.addresses import hold_url, url_of

pytestmark = pytest.mark.django_db


def days_late(update: Update) -> int:
    """Working days since the review was due."""
    on = rules.london_day(timezone.now())
    return lateness.review_days_late(claimed_at=update.submitted_at, on=on)


def test_a_claim_is_submitted_and_accepted(client, assignment, officer, analyst):
    client.force_login(officer)
    page = fill_in(client, assignment, status="implemented")
    assert "Forecast date" not in text_of(page)
    page = client.post(reverse("update_check", args=place(assignment)), hidden(page), follow=True)
    assert "Claim submitted" in text_of(page)

    client.force_login(analyst)
    submitted = Update.objects.get()
    assert url_of(submitted) in text_of(client.get(reverse("reviews")))
    page = client.post(url_of(submitted), {"decision": "accepted"}, follow=True)
    assert "Claim accepted: " in text_of(page)
    assert "No claims are waiting" in text_of(page)
    assignment.refresh_from_db()
    assert assignment.status == "implemented"


@pytest.mark.parametrize("role", [Role.LIAISON_OFFICER, Role.OBSERVER, Role.ADMINISTRATOR])
def test_only_analysts_review(client, waiting, assignment, role):
    body = None if role == Role.ADMINISTRATOR else assignment.body
    client.force_login(UserFactory(role=role, body=body))
    assert client.get(reverse("reviews")).status_code == 404
    assert client.get(url_of(waiting)).status_code == 404
    assert client.post(url_of(waiting), {"decision": "accepted"}).status_code == 404
    assert client.post(hold_url(waiting)).status_code == 404
    assert not Review.objects.exists()


def test_nobody_reviews_without_signing_in(client, waiting):
    assert client.get(url_of(waiting)).status_code == 302
    assert client.post(url_of(waiting), {"decision": "accepted"}).status_code == 403
    assert not Review.objects.exists()


def test_other_methods_are_denied(analyst_client, waiting):
    assert analyst_client.post(reverse("reviews")).status_code == 405
    assert analyst_client.put(url_of(waiting)).status_code == 405


def test_an_update_that_is_not_a_claim_is_not_found(analyst_client, assignment):
    update = submit(assignment, at=ASSIGNED_AT)
    for number in (update.pk, 10**30):
        assert analyst_client.get(f"/reviews/{number}/").status_code == 404


def test_the_oldest_claim_comes_first_and_late_reviews_are_marked(analyst_client):
    first = AssignmentFactory()
    inspection = first.recommendation.inspection
    second = AssignmentFactory(recommendation__inspection=inspection)
    now = timezone.now()
    newer = claim(second, at=now - timedelta(days=1))
    older = claim(first, at=now - timedelta(days=30))
    shown = text_of(analyst_client.get(reverse("reviews")))
    assert shown.index(url_of(older)) < shown.index(url_of(newer))
    assert "2 claims waiting. 1 has waited more than 10 working days." in shown
    assert re.findall(r"<b>(\d+) late</b>", shown) == [str(days_late(older))]
    due_on = lateness.review_due_on(claimed_at=older.submitted_at)
    assert wording.short_day(due_on, today=rules.london_day(now)) in shown
    page = text_of(analyst_client.get(url_of(older)))
    assert "Review late" in page
    assert f"{wording.count(days_late(older), 'working day')} ago" in page
    assert "Review late" not in text_of(analyst_client.get(url_of(newer)))


def test_an_empty_queue_is_explained(analyst_client, assignment):
    assert "No claims are waiting" in text_of(analyst_client.get(reverse("reviews")))


def test_a_claim_is_shown_with_its_recommendation_and_the_update_before(
    analyst_client, assignment, officer
):
    submit(assignment, at=ASSIGNED_AT, by=officer, account="Half of it.")
    waiting = claim(assignment, at=timezone.now(), by=officer)
    shown = text_of(analyst_client.get(url_of(waiting)))
    assert "It is done." in shown
    assert "Half of it." in shown
    assert assignment.recommendation.text in shown
    assert assignment.get_absolute_url() in shown


def test_a_claim_is_returned_with_a_reason(analyst_client, waiting, assignment):
    typed = {
        "decision": "returned",
        "causes": ["not_shown"],
        "reason": "Which sergeants?\r\nAnd when?",
    }
    page = analyst_client.post(url_of(waiting), typed, follow=True)
    assert "Claim returned: " in text_of(page)
    assert Review.objects.get().reason == "Which sergeants?\nAnd when?"
    assignment.refresh_from_db()
    assert assignment.status == "in_progress"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Select whether you accept or return the claim"),
        (
            {"decision": "returned", "causes": ["not_shown"], "reason": " "},
            "Enter what is missing and what would be enough",
        ),
        ({"decision": "withdrawn"}, "Select whether you accept or return the claim"),
    ],
)
def test_a_missing_answer_gets_an_error(analyst_client, waiting, typed, sentence):
    shown = text_of(analyst_client.post(url_of(waiting), typed))
    assert shown.count(sentence) == 2
    assert not Review.objects.exists()


def test_a_comment_without_a_decision_is_shown_again(analyst_client, waiting):
    assert "My long reason" in text_of(
        analyst_client.post(url_of(waiting), {"reason": "My long reason"})
    )


def test_a_comment_on_an_accepted_claim_is_saved(analyst_client, waiting):
    analyst_client.post(url_of(waiting), {"decision": "accepted", "reason": "Well evidenced."})
    assert Review.objects.get().reason == "Well evidenced."


def test_another_analysts_decision_is_not_changed(analyst_client, waiting):
    send_back(waiting, at=timezone.now(), by=UserFactory(name="Cy Field"))
    assert "Cy Field returned this claim at" in text_of(analyst_client.get(url_of(waiting)))
    typed = {"decision": "accepted", "reason": "I find it good"}
    page = analyst_client.post(url_of(waiting), typed)
    assert page.status_code == 409
    assert "Your decision was not recorded" in text_of(page)
    assert "Cy Field returned this claim at" in text_of(page)
    assert "I find it good" in text_of(page)


def test_the_same_decision_twice_is_no_error(analyst_client, waiting, analyst):
    accept(waiting, at=timezone.now(), by=analyst)
    page = analyst_client.post(url_of(waiting), {"decision": "accepted"}, follow=True)
    assert page.status_code == 200
    assert "You accepted this claim at" in text_of(page)
    assert Review.objects.count() == 1


def test_a_withdrawn_claim_is_explained(analyst_client, waiting, assignment, analyst):
    withdraw_assignment(
        assignment=assignment,
        kind="no_further_action",
        reason="Merged",
        by=analyst,
        at=timezone.now(),
    )
    page = analyst_client.post(url_of(waiting), {"decision": "accepted", "reason": "My words"})
    assert page.status_code == 409
    assert "not waiting for review" in text_of(page)
    assert "My words" in text_of(page)


def test_more_claims_need_no_more_queries(analyst_client, assignment):

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            analyst_client.get(reverse("reviews"))
        return len(captured)

    inspection = assignment.recommendation.inspection
    claim(assignment, at=timezone.now())
    expected = queries()
    for _ in range(9):
        other = AssignmentFactory(recommendation__inspection=inspection)
        claim(other, at=timezone.now(), by=OfficerFactory(body=other.body))
    assert queries() == expected <= 6


def test_one_claim_needs_few_queries(analyst_client, waiting, django_assert_max_num_queries):
    with django_assert_max_num_queries(13):
        analyst_client.get(url_of(waiting))


def test_the_force_reads_why_its_claim_was_returned(client, waiting, analyst):
    client.force_login(analyst)
    page = client.post(url_of(waiting), {"decision": "returned"})
    assert "Select why you are returning the claim" in text_of(page)
    assert "Enter what is missing and what would be enough" in text_of(page)
    typed = {"decision": "returned", "causes": ["no_evidence", "part_done"], "reason": "Send it."}
    client.post(url_of(waiting), typed)
    assert Review.objects.get().causes == ["no_evidence", "part_done"]
    officer = OfficerFactory(body=waiting.assignment.body)
    client.force_login(officer)
    shown = text_of(client.get(waiting.assignment.get_absolute_url()))
    assert "There is no evidence" in shown
    assert "Send it." in shown


def test_the_queue_can_be_filtered_with_few_queries(
    analyst_client, several, django_assert_max_num_queries
):
    other = claim(
        AssignmentFactory(
            recommendation__inspection=several[0].assignment.recommendation.inspection
        ),
        at=timezone.now(),
    )
    number = several[0].assignment.recommendation.number
    with django_assert_max_num_queries(7):
        shown = text_of(analyst_client.get(reverse("reviews"), {"recommendation": number}))
    assert url_of(several[0]) in shown
    assert url_of(other) not in shown
    with django_assert_max_num_queries(14):
        analyst_client.get(url_of(several[0]))
