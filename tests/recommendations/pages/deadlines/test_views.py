"""Asking for more time, deciding on it, moving many due dates, and withdrawing."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection
from django.urls import reverse
from django.utils import timezone

from forces.models import AuditEvent, Role
from forces.refusal import Refusal
from recommendations import rules
from recommendations.actions.amend_recommendation import amend_recommendation
from recommendations.actions.change_due_date import change_due_date
from recommendations.actions.withdraw_assignment import withdraw_assignment
from recommendations.models import (
    Assignment,
    DueDateChange,
    DueDateDecision,
    DueDateRequest,
    Withdrawal,
)
from recommendations.positions import positions
from tests.factories import (
    AssignmentFactory,
    NationalBodyFactory,
    OfficerFactory,
    RecommendationFactory,
    UserFactory,
    claim,
)
from tests.recommendations.pages.pages import place, text_of

pytestmark = pytest.mark.django_db
Outcome = DueDateDecision.Outcome
REASON = "The supplier delivers in spring."


def in_boxes(on: date, name: str = "to") -> dict[str, str]:
    parts = {"day": on.day, "month": on.month, "year": on.year}
    return {f"{name}_{part}": str(value) for part, value in parts.items()}


def later(assignment, days: int = 90) -> date:
    return max(assignment.due_on, rules.london_day(timezone.now())) + timedelta(days=days)


def url_of(name: str, assignment) -> str:
    return reverse(name, args=place(assignment))


def ask(client, assignment, officer, *, to: date | None = None) -> DueDateRequest:
    client.force_login(officer)
    typed = in_boxes(to or later(assignment)) | {"reason": REASON}
    client.post(url_of("more_time", assignment), typed)
    return DueDateRequest.objects.latest("asked_at")


def decide(client, asked, analyst, **typed):
    client.force_login(analyst)
    return client.post(reverse("due_date_request", args=[asked.pk]), typed, follow=True)


def test_a_request_is_sent_granted_and_told_everywhere(client, assignment, officer, analyst):
    to = later(assignment)
    asked = ask(client, assignment, officer)
    shown = text_of(client.get(assignment.get_absolute_url()))
    assert "An analyst has not decided yet." in shown
    assert "More time asked for" in shown
    client.force_login(analyst)
    assert reverse("due_date_request", args=[asked.pk]) in text_of(client.get(reverse("deadlines")))
    page = decide(client, asked, analyst, outcome=Outcome.GRANTED)
    assert "Your decision is recorded" in text_of(page)
    assignment.refresh_from_db()
    assert (assignment.due_on, assignment.due_date_changes_count) == (to, 1)
    assert asked.decision.due_date_change.reason == REASON
    assert positions.differing() == []
    for url in (assignment.get_absolute_url(), reverse("force", args=[assignment.body.slug])):
        client.force_login(officer)
        shown = text_of(client.get(url))
        assert f"{assignment.original_due_on:%-d %B %Y}" in shown
        assert "changed once" in shown or "1 change" in shown
    acts = list(AuditEvent.objects.values_list("act", flat=True))
    assert {"more time asked for", "due date changed", "more time granted"} <= set(acts)


def test_another_date_needs_words_and_is_shown_as_another(client, assignment, officer, analyst):
    asked = ask(client, assignment, officer)
    other = later(assignment, 30)
    page = decide(client, asked, analyst, outcome=Outcome.GRANTED_OTHER, **in_boxes(other))
    assert "Enter why, so that the body knows what to do" in text_of(page)
    page = decide(client, asked, analyst, outcome=Outcome.GRANTED_OTHER, words="Enough.")
    assert "Enter the date that you grant" in text_of(page)
    same = in_boxes(asked.asked_due_on)
    page = decide(client, asked, analyst, outcome=Outcome.GRANTED_OTHER, words="Yes.", **same)
    assert "This is the date that was asked for" in text_of(page)
    assert not DueDateDecision.objects.exists()
    typed = in_boxes(other) | {"words": "Enough."}
    decide(client, asked, analyst, outcome=Outcome.GRANTED_OTHER, **typed)
    assignment.refresh_from_db()
    assert assignment.due_on == other
    client.force_login(officer)
    assert "another date granted" in text_of(client.get(assignment.get_absolute_url()))


def test_a_refusal_leaves_the_date_and_lets_the_body_ask_again(
    client, assignment, officer, analyst
):
    asked = ask(client, assignment, officer)
    assert "Enter why" in text_of(decide(client, asked, analyst, outcome=Outcome.REFUSED))
    decide(client, asked, analyst, outcome=Outcome.REFUSED, words="It can be done in time.")
    assignment.refresh_from_db()
    assert assignment.due_date_changes_count == 0
    assert ask(client, assignment, officer).number == 2
    connection.check_constraints()
    page = decide(client, asked, analyst, outcome=Outcome.GRANTED)
    assert page.status_code == 409
    assert "Your decision was not recorded." in text_of(page)


def test_a_date_that_moved_meanwhile_is_not_moved_back_by_a_grant(
    client, assignment, officer, analyst
):
    asked = ask(client, assignment, officer)
    moved = later(assignment, 200)
    change_due_date(
        assignment=assignment, to=moved, reason="For all.", by=analyst, at=timezone.now()
    )
    page = decide(client, asked, analyst, outcome=Outcome.GRANTED, words="Fine.")
    assert page.status_code == 409
    assert "The due date has moved to" in text_of(page)
    assert "Fine." in text_of(page)
    assignment.refresh_from_db()
    assert assignment.due_on == moved


def test_words_are_not_lost_where_the_assignment_was_closed_meanwhile(
    client, assignment, officer, analyst
):
    asked = ask(client, assignment, officer)
    withdraw_assignment(assignment=assignment, reason="Merged.", by=analyst, at=timezone.now())
    page = decide(client, asked, analyst, outcome=Outcome.GRANTED, words="A word of mine.")
    assert page.status_code == 409
    assert "A word of mine." in text_of(page)


@pytest.mark.parametrize("year", [1999, 2101, 9999])
def test_no_due_date_lies_in_a_year_that_nobody_means(assignment, analyst, year):
    for act in (
        partial(change_due_date, assignment=assignment, to=date(year, 12, 31)),
        partial(
            amend_recommendation,
            recommendation=assignment.recommendation,
            due_on=date(year, 12, 31),
        ),
    ):
        with pytest.raises(Refusal, match="2000 to 2100"):
            act(reason="Typo.", by=analyst, at=timezone.now())


def test_one_request_at_a_time_and_a_second_click_sends_one(client, assignment, officer):
    ask(client, assignment, officer)
    page = client.post(
        url_of("more_time", assignment),
        in_boxes(later(assignment)) | {"reason": REASON},
        follow=True,
    )
    assert "It was sent once." in text_of(page)
    typed = in_boxes(later(assignment, 200)) | {"reason": "Something else."}
    page = client.post(url_of("more_time", assignment), typed)
    assert page.status_code == 409
    assert "A request for more time is open already" in text_of(page)
    assert "Something else." in text_of(page)
    assert DueDateRequest.objects.count() == 1
    client.post(url_of("more_time", assignment), {"action": "take_back"})
    assert DueDateDecision.objects.get().outcome == Outcome.TAKEN_BACK
    page = client.post(url_of("more_time", assignment), {"action": "take_back"}, follow=True)
    assert "No request is open" in text_of(page)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Enter the date that you ask for"),
        (in_boxes(date(2020, 1, 1)), "New date must be in the future"),
        (in_boxes(date(2099, 1, 1)), "New date must be on or before"),
        ({"to_day": "31", "to_month": "2", "to_year": "2030"}, "New date must be a real date"),
        ({"reason": " "}, "Enter why you need more time"),
    ],
)
def test_what_makes_no_sense_gets_a_sentence(client, assignment, officer, typed, sentence):
    client.force_login(officer)
    page = client.post(url_of("more_time", assignment), typed)
    assert sentence in text_of(page)
    assert not DueDateRequest.objects.exists()


def test_a_waiting_claim_and_a_closed_assignment_need_no_more_time(
    client, assignment, officer, analyst
):
    asked = ask(client, assignment, officer)
    withdraw_assignment(assignment=assignment, reason="Merged.", by=analyst, at=timezone.now())
    page = decide(client, asked, analyst, outcome=Outcome.GRANTED)
    assert page.status_code == 409
    assert "closed, so its due date cannot change" in text_of(page)
    assert "you do not need to make a decision" in text_of(page)
    other = AssignmentFactory(body=assignment.body, recommendation=_another(assignment))
    claim(other, at=timezone.now(), by=officer)
    client.force_login(officer)
    shown = text_of(client.get(url_of("more_time", other)))
    assert "the clock stands still" in shown


def _another(assignment):
    return RecommendationFactory(inspection=assignment.recommendation.inspection)


@pytest.fixture
def set_of(assignment) -> list[Assignment]:
    """The assignment, two more forces' and a national body's, of one recommendation."""
    recommendation = assignment.recommendation
    more = [AssignmentFactory(recommendation=recommendation) for _ in range(2)]
    national = AssignmentFactory(recommendation=recommendation, body=NationalBodyFactory())
    return [assignment, *more, national]


def move_form(assignment, **typed) -> dict:
    number = str(assignment.recommendation.number)
    return {"recommendation": number, "group": "forces", "reason": "Agreed nationally."} | typed


def test_many_due_dates_move_as_previewed(client, set_of, analyst):
    client.force_login(analyst)
    closed = set_of[2]
    withdraw_assignment(assignment=closed, reason="Merged.", by=analyst, at=timezone.now())
    url = reverse("deadlines_move")
    page = client.post(url, move_form(set_of[0], days="30"))
    shown = text_of(page)
    assert "2 due dates would move; 1 would be left out." in shown
    assert "Not included. This recommendation is closed, so its due date cannot change" in shown
    assert not DueDateChange.objects.exists()
    page = client.post(url, {"confirmed": page.context["confirmed"]}, follow=True)
    assert "2 due dates are moved." in text_of(page)
    moved = Assignment.objects.filter(due_date_changes_count=1)
    assert set(moved) == set(set_of[:2])
    assert all(each.due_on == each.original_due_on + timedelta(days=30) for each in moved)
    assert positions.differing() == []


def test_nothing_moves_where_something_changed_since_the_preview(client, set_of, analyst):
    client.force_login(analyst)
    url = reverse("deadlines_move")
    page = client.post(url, move_form(set_of[0], **in_boxes(later(set_of[0]))))
    change_due_date(
        assignment=set_of[1], to=date(2027, 5, 1), reason="Sooner.", by=analyst, at=timezone.now()
    )
    page = client.post(url, {"confirmed": page.context["confirmed"]} | move_form(set_of[0]))
    assert page.status_code == 409
    assert "was changed after you looked" in text_of(page)
    assert "Agreed nationally." in text_of(page)
    assert DueDateChange.objects.count() == 1
    page = client.post(url, {"confirmed": "forged"} | move_form(set_of[0]))
    assert "The preview is too old" in text_of(page)


def test_one_assignment_is_prefilled_and_only_it_moves(client, set_of, analyst):
    client.force_login(analyst)
    target = set_of[3]
    query = {"body": target.body.slug, "recommendation": target.recommendation.number}
    page = client.get(reverse("deadlines_move"), query)
    assert f'value="{target.body.slug}" checked' in text_of(page)
    typed = move_form(target, group="everybody", bodies=[target.body.slug], days="-400")
    page = client.post(reverse("deadlines_move"), typed)
    assert "1 due date would move; 1 would be overdue at once." in text_of(page)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Enter a date, or a number of days"),
        ({"days": "30"} | in_boxes(date(2030, 1, 1)), "Enter a date or a number of days, not both"),
        ({"days": "0"}, "The number of days must not be 0"),
        ({"days": "9" * 40}, "The number of days must be"),
        ({"days": "x"}, "Enter the number of days as a whole number"),
        ({"days": "30", "group": "moon"}, "Select which bodies from the list"),
        ({"days": "30", "reason": " "}, "Enter why the due dates move"),
        (in_boxes(date(9999, 1, 1)), "A due date must be in the years 2000 to 2100"),
    ],
)
def test_a_move_that_makes_no_sense_gets_a_sentence(client, set_of, analyst, typed, sentence):
    client.force_login(analyst)
    page = client.post(reverse("deadlines_move"), move_form(set_of[0], **typed))
    assert sentence in text_of(page)
    assert page.context["preview"] is None


def test_an_assignment_is_withdrawn_with_a_reason(client, assignment, analyst):
    client.force_login(analyst)
    url = url_of("withdraw", assignment)
    assert url in text_of(client.get(assignment.get_absolute_url()))
    assert "Enter why it is withdrawn" in text_of(client.post(url, {"reason": ""}))
    page = client.post(url, {"reason": "Merged with another."}, follow=True)
    assert "It is withdrawn for" in text_of(page)
    assert client.post(url, {"reason": "Again."}).status_code == 409
    assert Withdrawal.objects.get().reason == "Merged with another."


@pytest.mark.parametrize("role", [Role.LIAISON_OFFICER, Role.OBSERVER, Role.ADMINISTRATOR])
def test_only_analysts_decide(client, assignment, officer, role):
    asked = ask(client, assignment, officer)
    own = role in {Role.LIAISON_OFFICER, Role.OBSERVER}
    client.force_login(UserFactory(role=role, body=assignment.body if own else None))
    for url in (
        reverse("deadlines"),
        reverse("deadlines_move"),
        reverse("due_date_request", args=[asked.pk]),
        url_of("withdraw", assignment),
    ):
        assert client.get(url).status_code == 404
        assert client.post(url, {"reason": "x"}).status_code in {404, 405}


def test_another_body_s_officer_cannot_ask(client, assignment):
    client.force_login(UserFactory(role=Role.LIAISON_OFFICER, body=AssignmentFactory().body))
    assert client.get(url_of("more_time", assignment)).status_code == 404


def test_requests_in_the_database_follow_one_another(assignment, officer):
    for number in (1, 2):
        DueDateRequest.objects.create(
            assignment=assignment,
            number=number,
            due_on=assignment.due_on,
            asked_due_on=assignment.due_on + timedelta(days=1),
            reason="Slipped in.",
            asked_at=timezone.now(),
            asked_by=officer,
        )
    with pytest.raises(IntegrityError, match="while another one was open"):
        connection.check_constraints()


@pytest.mark.parametrize("name", ["deadlines", "deadlines_move"])
def test_the_pages_ask_a_constant_number_of_queries(
    client, set_of, officer, analyst, name, django_assert_max_num_queries
):
    for each in set_of:
        ask(client, each, OfficerFactory(body=each.body))
    client.force_login(analyst)
    with django_assert_max_num_queries(8):
        assert client.get(reverse(name)).status_code == 200
