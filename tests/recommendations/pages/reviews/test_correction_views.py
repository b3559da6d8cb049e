"""The correction of a decision on a claim."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from forces.models import Role
from recommendations.models import ReviewCorrection
from recommendations.positions import positions
from recommendations.rules import Status
from tests.factories import OfficerFactory, UserFactory, accept, send_back, submit
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db


def url_of(name: str, update) -> str:
    return reverse(name, args=[update.pk])


def test_an_accepted_claim_is_returned_and_accepted_again(client, waiting, analyst, assignment):
    accept(waiting, at=timezone.now() - timedelta(hours=2), by=analyst)
    client.force_login(analyst)
    url = url_of("review_correct", waiting)
    assert "Correct this decision" in text_of(client.get(url_of("review", waiting)))
    assert "Enter why the decision was wrong" in text_of(client.post(url, {"reason": " "}))
    typed = {"to": "returned", "reason": "The wrong file was read."}
    page = client.post(url, typed, follow=True)
    assert "Decision corrected." in text_of(page)
    assignment.refresh_from_db()
    assert assignment.status == Status.IN_PROGRESS
    assert positions.mismatched_ids() == []
    client.force_login(OfficerFactory(body=assignment.body))
    shown = text_of(client.get(assignment.get_absolute_url()))
    assert "Review corrected" in shown
    assert "Claim returned" in shown
    assert shown.count("The wrong file was read.") == 2  # on top, and in the history
    client.force_login(analyst)
    client.post(url, {"to": "accepted", "reason": "It was right."})
    assert [item.decision for item in ReviewCorrection.objects.order_by("number")] == [
        "returned",
        "accepted",
    ]
    assignment.refresh_from_db()
    assert assignment.status == Status.IMPLEMENTED


def test_a_decision_before_a_newer_update_cannot_be_corrected(client, waiting, analyst, assignment):
    send_back(waiting, at=timezone.now() - timedelta(hours=2), by=analyst)
    submit(assignment, at=timezone.now() - timedelta(hours=1))
    client.force_login(analyst)
    typed = {"to": "accepted", "reason": "It was fine."}
    page = client.post(url_of("review_correct", waiting), typed)
    assert page.status_code == 409
    assert "There is a newer update" in text_of(page)
    assert "It was fine." in text_of(page)
    assert not ReviewCorrection.objects.exists()


def test_a_correction_submitted_twice_does_not_undo_itself(client, waiting, analyst, assignment):
    accept(waiting, at=timezone.now() - timedelta(hours=2), by=analyst)
    client.force_login(analyst)
    url = url_of("review_correct", waiting)
    shown = text_of(client.get(url))
    assert 'name="to" value="returned"' in shown
    typed = {"to": "returned", "reason": "The wrong file was read."}
    client.post(url, typed)
    page = client.post(url, typed)
    assert page.status_code == 409
    assert "Ana Lyst has already returned this claim." in text_of(page)
    assert "The wrong file was read." in text_of(page)
    assert ReviewCorrection.objects.count() == 1


@pytest.mark.parametrize("role", [Role.LIAISON_OFFICER, Role.OBSERVER, Role.ADMINISTRATOR])
def test_only_analysts_correct(client, waiting, role):
    accept(waiting, at=timezone.now())
    body = waiting.assignment.body if role == Role.LIAISON_OFFICER else None
    client.force_login(UserFactory(role=role, body=body))
    assert client.post(url_of("review_correct", waiting)).status_code == 404
