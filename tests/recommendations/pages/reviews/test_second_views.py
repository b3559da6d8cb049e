from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from forces.models import Role
from tests.factories import NationalBodyFactory, UserFactory, accept, claim

pytestmark = pytest.mark.django_db


@pytest.fixture
def accepted(assignment):
    body = assignment.body
    body.reviews_claims = True
    body.save()
    at = timezone.now() - timedelta(days=2)
    return accept(claim(assignment, at=at), at=at).update


@pytest.fixture
def reviewer_client(client):
    client.force_login(UserFactory(role=Role.SECOND_REVIEWER, body=NationalBodyFactory()))
    return client


def test_a_claim_is_confirmed_on_its_page(reviewer_client, accepted, assignment):
    assert accepted.assignment.recommendation.title in _text(reviewer_client, "second_reviews")
    page = reviewer_client.get(reverse("second_review", args=[accepted.pk]))
    assert "Record decision" in page.content.decode()
    history = reviewer_client.get(assignment.get_absolute_url()).content.decode()
    assert "Self-assessed" in history
    assert page.request["PATH_INFO"] in history
    answers = {"decision": "accepted", "reason": ""}
    response = reviewer_client.post(reverse("second_review", args=[accepted.pk]), answers)
    assert response.url == reverse("second_reviews")
    assert "Nothing is self-assessed" in _text(reviewer_client, "second_reviews")
    history = reviewer_client.get(f"{assignment.get_absolute_url()}?full=1").content.decode()
    assert "Claim confirmed" in history
    assert "Self-assessed" not in history


def test_a_returned_claim_needs_a_reason(reviewer_client, accepted, assignment):
    path = reverse("second_review", args=[accepted.pk])
    page = reviewer_client.post(path, {"decision": "returned", "reason": ""}).content.decode()
    assert "Enter what is missing" in page
    reviewer_client.post(path, {"decision": "returned", "reason": "Nothing shows it."})
    assignment.refresh_from_db()
    assert assignment.is_returned
    again = reviewer_client.post(path, {"decision": "accepted", "reason": ""})
    assert again.status_code == 409


def test_a_claim_of_another_organisation_is_not_found(reviewer_client, accepted, assignment):
    assignment.body.reviews_claims = False
    assignment.body.save()
    assert reviewer_client.get(reverse("second_review", args=[accepted.pk])).status_code == 404


def _text(client, name: str) -> str:
    return client.get(reverse(name)).content.decode()
