"""An officer's request for more time."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from forces.models import Role
from recommendations.models import DueDateDecision, DueDateRequest
from tests.factories import AssignmentFactory, UserFactory, claim
from tests.recommendations.pages.deadlines.due_dates import (
    REASON,
    date_boxes,
    later,
    request_more_time,
    url_of,
)
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db
Outcome = DueDateDecision.Outcome


def test_there_is_one_open_request_at_a_time(client, assignment, officer):
    request_more_time(client, assignment, officer)
    page = client.post(
        url_of("extension", assignment),
        date_boxes(later(assignment)) | {"reason": REASON},
        follow=True,
    )
    assert "It was sent once." in text_of(page)
    typed = date_boxes(later(assignment, 200)) | {"reason": "Something else."}
    page = client.post(url_of("extension", assignment), typed)
    assert page.status_code == 409
    assert "There is already an open request for more time" in text_of(page)
    assert "Something else." in text_of(page)
    assert DueDateRequest.objects.count() == 1
    client.post(url_of("extension", assignment), {"action": "take_back"})
    assert DueDateDecision.objects.get().outcome == Outcome.TAKEN_BACK
    page = client.post(url_of("extension", assignment), {"action": "take_back"}, follow=True)
    assert "There is no open request." in text_of(page)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Enter the new due date"),
        (date_boxes(date(2020, 1, 1)), "New date must be in the future"),
        (date_boxes(date(2099, 1, 1)), "New date must be on or before"),
        ({"to_day": "31", "to_month": "2", "to_year": "2030"}, "New date must be a real date"),
        ({"reason": " "}, "Enter why you need more time"),
    ],
)
def test_an_invalid_request_gets_an_error(client, assignment, officer, typed, sentence):
    client.force_login(officer)
    page = client.post(url_of("extension", assignment), typed)
    assert sentence in text_of(page)
    assert not DueDateRequest.objects.exists()


def test_a_waiting_claim_needs_no_more_time(client, assignment, officer):
    claim(assignment, at=timezone.now(), by=officer)
    client.force_login(officer)
    page = client.get(url_of("extension", assignment))
    assert page.context["form"] is None
    assert page.context["why_not"] in text_of(page)
    assert page.context["why_not"] != ""


def test_an_officer_of_another_force_cannot_ask(client, assignment):
    client.force_login(UserFactory(role=Role.LIAISON_OFFICER, body=AssignmentFactory().body))
    assert client.get(url_of("extension", assignment)).status_code == 404


def test_the_database_rejects_a_second_open_request(assignment, officer):
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
