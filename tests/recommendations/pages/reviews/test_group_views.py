"""Reviewing the claims on one recommendation together."""

import pytest
from django.urls import reverse
from django.utils import timezone

from forces.models import Role
from recommendations.models import Review
from recommendations.positions import positions
from tests.factories import UserFactory, send_back
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db


def url_of(claim) -> str:
    return reverse("reviews_together", args=[claim.assignment.recommendation.number])


def test_several_claims_are_accepted_at_once(client, several, analyst):
    client.force_login(analyst)
    page = client.get(url_of(several[0]))
    assert text_of(page).count("It is done.") == 3
    assert "Select the claims you accept" in text_of(client.post(url_of(several[0])))
    selected = [several[0].pk, several[2].pk]
    page = client.post(url_of(several[0]), {"claims": selected}, follow=True)
    assert "2 claims accepted." in text_of(page)
    assert set(Review.objects.values_list("update_id", flat=True)) == set(selected)
    again = client.post(url_of(several[0]), {"claims": selected}, follow=True)
    assert again.status_code == 200
    assert Review.objects.count() == 2
    assert positions.mismatched_ids() == []


def test_all_selected_claims_are_accepted_or_none(client, several, analyst, colleague):
    send_back(several[1], at=timezone.now(), by=colleague)
    client.force_login(analyst)
    page = client.post(url_of(several[0]), {"claims": [claim.pk for claim in several]})
    assert page.status_code == 409
    assert "Coll Eague has already returned this claim. No claims were accepted." in text_of(page)
    assert Review.objects.count() == 1


@pytest.mark.parametrize("role", [Role.LIAISON_OFFICER, Role.OBSERVER, Role.ADMINISTRATOR])
def test_only_analysts_review_together(client, waiting, role):
    body = waiting.assignment.body if role == Role.LIAISON_OFFICER else None
    client.force_login(UserFactory(role=role, body=body))
    assert client.get(url_of(waiting)).status_code == 404
    assert client.post(url_of(waiting)).status_code == 404


def test_the_page_needs_few_queries(client, several, analyst, django_assert_max_num_queries):
    client.force_login(analyst)
    with django_assert_max_num_queries(11):
        client.get(url_of(several[0]))
