"""Deciding on requests for more time, and withdrawing a recommendation for a force."""

from datetime import date
from functools import partial

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from forces.models import AuditEvent, Role
from forces.refusal import Refusal
from recommendations.actions.amend_recommendation import amend_recommendation
from recommendations.actions.change_due_date import change_due_date
from recommendations.actions.withdraw_assignment import withdraw_assignment
from recommendations.models import DueDateDecision, Withdrawal
from recommendations.positions import positions
from tests.factories import OfficerFactory, RecommendationFactory, UserFactory
from tests.recommendations.pages.deadlines.due_dates import (
    REASON,
    date_boxes,
    decide,
    later,
    request_more_time,
    url_of,
)
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db
Outcome = DueDateDecision.Outcome


def test_an_agreed_request_changes_the_due_date(client, assignment, officer, analyst):
    to = later(assignment)
    request = request_more_time(client, assignment, officer)
    shown = text_of(client.get(assignment.get_absolute_url()))
    assert "An analyst has not decided yet." in shown
    assert "More time requested" in shown
    client.force_login(analyst)
    assert reverse("due_date_request", args=[request.pk]) in text_of(
        client.get(reverse("deadlines"))
    )
    page = decide(client, request, analyst, outcome=Outcome.GRANTED)
    assert "Decision recorded" in text_of(page)
    assignment.refresh_from_db()
    assert (assignment.due_on, assignment.due_date_changes_count) == (to, 1)
    assert request.decision.due_date_change.reason == REASON
    assert positions.mismatched_ids() == []
    client.force_login(officer)
    shown = text_of(client.get(assignment.get_absolute_url()))
    assert f"{assignment.original_due_on:%-d %B %Y}, changed once" in shown
    acts = list(AuditEvent.objects.values_list("act", flat=True))
    assert {"more time asked for", "due date changed", "more time granted"} <= set(acts)


def test_a_different_date_needs_a_reason(client, assignment, officer, analyst):
    request = request_more_time(client, assignment, officer)
    other = later(assignment, 30)
    page = decide(client, request, analyst, outcome=Outcome.GRANTED_OTHER, **date_boxes(other))
    assert "Enter the reason for your decision" in text_of(page)
    page = decide(client, request, analyst, outcome=Outcome.GRANTED_OTHER, words="Enough.")
    assert "Enter the date you grant" in text_of(page)
    same = date_boxes(request.asked_due_on)
    page = decide(client, request, analyst, outcome=Outcome.GRANTED_OTHER, words="Yes.", **same)
    assert "This is the requested date." in text_of(page)
    assert not DueDateDecision.objects.exists()
    typed = date_boxes(other) | {"words": "Enough."}
    decide(client, request, analyst, outcome=Outcome.GRANTED_OTHER, **typed)
    assignment.refresh_from_db()
    assert assignment.due_on == other
    client.force_login(officer)
    assert "Another date granted" in text_of(client.get(assignment.get_absolute_url()))


def test_after_a_refusal_the_force_can_ask_again(client, assignment, officer, analyst):
    request = request_more_time(client, assignment, officer)
    assert "Enter the reason for your decision" in text_of(
        decide(client, request, analyst, outcome=Outcome.REFUSED)
    )
    decide(client, request, analyst, outcome=Outcome.REFUSED, words="It can be done in time.")
    assignment.refresh_from_db()
    assert assignment.due_date_changes_count == 0
    assert request_more_time(client, assignment, officer).number == 2
    connection.check_constraints()
    page = decide(client, request, analyst, outcome=Outcome.GRANTED)
    assert page.status_code == 409
    assert "Your decision was not recorded." in text_of(page)


def test_a_due_date_changed_since_the_request_is_not_changed_back(
    client, assignment, officer, analyst
):
    request = request_more_time(client, assignment, officer)
    moved = later(assignment, 200)
    change_due_date(
        assignment=assignment, to=moved, reason="For all.", by=analyst, at=timezone.now()
    )
    page = decide(client, request, analyst, outcome=Outcome.GRANTED, words="Fine.")
    assert page.status_code == 409
    assert "The due date has changed to" in text_of(page)
    assert "Fine." in text_of(page)
    assignment.refresh_from_db()
    assert assignment.due_on == moved


def test_a_comment_is_shown_again_if_the_assignment_was_closed(
    client, assignment, officer, analyst
):
    request = request_more_time(client, assignment, officer)
    withdraw_assignment(
        assignment=assignment,
        kind="no_further_action",
        reason="Merged.",
        by=analyst,
        at=timezone.now(),
    )
    page = decide(client, request, analyst, outcome=Outcome.GRANTED, words="My comment.")
    assert page.status_code == 409
    assert "My comment." in text_of(page)


@pytest.mark.parametrize("year", [1999, 2101, 9999])
def test_a_due_date_must_be_in_a_likely_year(assignment, analyst, year):
    for action in (
        partial(change_due_date, assignment=assignment, to=date(year, 12, 31)),
        partial(
            amend_recommendation,
            recommendation=assignment.recommendation,
            due_on=date(year, 12, 31),
        ),
    ):
        with pytest.raises(Refusal, match="between 2000 and 2100"):
            action(reason="Typo.", by=analyst, at=timezone.now())


def test_a_closed_assignment_needs_no_decision(client, assignment, officer, analyst):
    request = request_more_time(client, assignment, officer)
    withdraw_assignment(
        assignment=assignment,
        kind="no_further_action",
        reason="Merged.",
        by=analyst,
        at=timezone.now(),
    )
    page = decide(client, request, analyst, outcome=Outcome.GRANTED)
    assert page.status_code == 409
    assert "closed, so its due date cannot change" in text_of(page)
    assert "you do not need to make a decision" in text_of(page)


def test_an_assignment_is_withdrawn_with_a_kind_and_a_reason(client, assignment, analyst):
    client.force_login(analyst)
    url = url_of("withdraw", assignment)
    assert url in text_of(client.get(assignment.get_absolute_url()))
    page = text_of(client.post(url, {"reason": ""}))
    assert "Enter why you are withdrawing this recommendation" in page
    assert "Select why it ends" in page
    answers = {"kind": "superseded", "reason": "Merged with another."}
    assert "Select the recommendation that supersedes it" in text_of(client.post(url, answers))
    own = assignment.recommendation
    assert client.post(url, answers | {"superseded_by": own.pk}).status_code == 200  # not a choice
    later = RecommendationFactory(inspection=own.inspection, number=7, title="Training")
    page = text_of(client.post(url, answers | {"superseded_by": later.pk}, follow=True))
    assert "Recommendation withdrawn for" in page
    assert "Withdrawn: superseded by R7" in page
    assert "Superseded by 7. Training" in page
    assert Withdrawal.objects.get().reason == "Merged with another."
    for one, other in [(own, later), (later, own)]:
        link = f'href="{other.get_absolute_url()}">{other}</a>, for 1 organisation'
        assert link in text_of(client.get(one.get_absolute_url())), one

    assert "Change why it was withdrawn" in page
    answers = {"kind": "not_accepted", "superseded_by": later.pk, "reason": "The wrong kind."}
    page = text_of(client.post(url, answers, follow=True))
    assert "Withdrawn: not accepted" in page
    assert "The wrong kind." in page
    assert "Carried forward" not in text_of(client.get(later.get_absolute_url()))


@pytest.mark.parametrize("role", [Role.LIAISON_OFFICER, Role.OBSERVER, Role.ADMINISTRATOR])
def test_only_analysts_decide(client, assignment, officer, role):
    request = request_more_time(client, assignment, officer)
    own = role in {Role.LIAISON_OFFICER, Role.OBSERVER}
    client.force_login(UserFactory(role=role, body=assignment.body if own else None))
    for url in (
        reverse("deadlines"),
        reverse("bulk_change_due_dates"),
        reverse("due_date_request", args=[request.pk]),
        url_of("withdraw", assignment),
    ):
        assert client.get(url).status_code == 404
        assert client.post(url, {"reason": "x"}).status_code in {404, 405}


@pytest.mark.parametrize("name", ["deadlines", "bulk_change_due_dates"])
def test_the_pages_need_few_queries(
    client, assignments, officer, analyst, name, django_assert_max_num_queries
):
    for item in assignments:
        request_more_time(client, item, OfficerFactory(body=item.body))
    client.force_login(analyst)
    with django_assert_max_num_queries(8):
        assert client.get(reverse(name)).status_code == 200
