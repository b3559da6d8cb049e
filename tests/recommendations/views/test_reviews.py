import re

import pytest
from django.urls import reverse

from recommendations.models import Update
from tests.factories import AssignmentFactory, OfficerFactory, UserFactory

pytestmark = pytest.mark.django_db


def hidden(response) -> dict[str, str]:
    """The hidden fields of a page, as its form sends them back."""
    found = re.findall(
        r'<input type="hidden" name="(token|version)"(?: value="([^"]*)")?',
        response.content.decode(),
    )
    return dict(found)


def test_an_officers_claim_reaches_the_queue_and_is_accepted(client):
    assignment = AssignmentFactory()
    place = [assignment.body.slug, assignment.recommendation.number]
    client.force_login(OfficerFactory(body=assignment.body))

    page = client.post(reverse("update", args=place), follow=True)
    answers = {"status": "implemented", "confidence": "green"}
    page = client.post(page.request["PATH_INFO"], hidden(page) | answers, follow=True)
    answers = {"account": "All of it is done.", "next_steps": ""}
    page = client.post(page.request["PATH_INFO"], hidden(page) | answers, follow=True)
    page = client.post(page.request["PATH_INFO"], hidden(page) | {"blockers": ""}, follow=True)
    assert "All of it is done." in page.content.decode()
    page = client.post(reverse("update_check", args=place), hidden(page), follow=True)
    assert "Your claim is sent" in page.content.decode()
    claim = Update.objects.get()

    client.force_login(UserFactory())
    assert reverse("review", args=[claim.pk]) in client.get(reverse("reviews")).content.decode()
    page = client.post(reverse("review", args=[claim.pk]), {"decision": "accepted"}, follow=True)
    assert "is accepted for" in page.content.decode()
    assert "Nothing waiting" in page.content.decode()
    assignment.refresh_from_db()
    assert assignment.status == "implemented"
