"""Confirming that nothing has changed: one page, and the page after it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from recommendations.models import Update
from tests.factories import (
    AssignmentFactory,
    OfficerFactory,
    RecommendationFactory,
    claim,
    submit,
)
from tests.recommendations.pages.pages import place, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def reported(assignment, officer):
    """An update of five weeks ago that can be confirmed."""
    now = timezone.now()
    forecast = now.date() + timedelta(days=10)
    at = now - timedelta(days=35)
    submit(assignment, at=at, by=officer, confidence="amber", forecast_on=forecast)
    return assignment


def url_of(assignment) -> str:
    return reverse("no_change", args=place(assignment))


def confirm(client, assignment):
    page = client.get(url_of(assignment))
    latest = re.findall(r'name="latest" value="(\d+)"', text_of(page))
    return client.post(url_of(assignment), {"latest": latest[0]}, follow=True)


def test_one_button_confirms_the_last_answers(client, reported, officer):
    client.force_login(officer)
    page = confirm(client, reported)
    assert "No change confirmed" in text_of(page)
    update = Update.objects.last()
    assert update.reference in text_of(page)
    assert update.kind == Update.Kind.NO_CHANGE
    history = text_of(client.get(reported.get_absolute_url()))
    assert "Confirmed, no change since" in history


def test_a_second_click_is_explained(client, reported, officer):
    client.force_login(officer)
    latest = {"latest": reported.latest_update_id}
    client.post(url_of(reported), latest)
    page = client.post(url_of(reported), latest, follow=True)
    assert "already submitted" in text_of(page)
    assert Update.objects.count() == 2


def test_pages_of_the_force_offer_it_only_where_it_is_possible(client, reported, officer):
    client.force_login(officer)
    pages = [reverse("force", args=[reported.body.slug]), reported.get_absolute_url()]
    pages.append(reverse("update", args=place(reported)))
    for page in pages:
        assert f'href="{url_of(reported)}"' in text_of(client.get(page)), page
    claim(reported, at=timezone.now(), by=officer)
    for page in pages:
        assert url_of(reported) not in text_of(client.get(page)), page
    assert "waiting for review" in text_of(client.get(url_of(reported)))


def test_a_passed_forecast_leads_to_the_form(client, assignment, officer):
    now = timezone.now()
    forecast = (now - timedelta(days=2)).date()
    submit(assignment, at=now - timedelta(days=9), by=officer, forecast_on=forecast)
    client.force_login(officer)
    page = text_of(client.get(url_of(assignment)))
    assert "Send an update with a new forecast date" in page
    assert reverse("update", args=place(assignment)) in page
    latest = {"latest": assignment.latest_update_id}
    assert client.post(url_of(assignment), latest).status_code == 409


def test_analysts_see_three_in_a_row(client, reported, officer, analyst):
    client.force_login(officer)
    for _ in range(3):
        confirm(client, reported)
    assert "No change 3 times in a row" not in text_of(client.get(reported.get_absolute_url()))
    client.force_login(analyst)
    assert "No change 3 times in a row" in text_of(client.get(reported.get_absolute_url()))
    force = reverse("force", args=[reported.body.slug])
    assert "No change 3 times in a row" in text_of(client.get(force))


def test_the_page_after_it_leads_to_the_next_item(client, reported, officer):
    recommendation = RecommendationFactory(
        inspection=reported.recommendation.inspection, due_on=timezone.now().date()
    )
    other = AssignmentFactory(recommendation=recommendation, body=reported.body)
    client.force_login(officer)
    page = text_of(confirm(client, reported))
    assert "Next item due" in page
    assert reverse("update", args=place(other)) in page


def test_people_of_other_forces_find_nothing(client, reported, analyst):
    client.force_login(analyst)
    sent = reverse("update_sent", args=[*place(reported), 1])
    for url in (url_of(reported), sent):
        assert client.get(url).status_code == 404
    assert client.post(url_of(reported), {"latest": 1}).status_code == 404


def test_the_key_of_another_forces_update_shows_nothing_of_it(client, reported, officer):
    client.force_login(officer)
    confirm(client, reported)
    confirmed = Update.objects.get(confirms=None)
    stranger = OfficerFactory()
    own = AssignmentFactory(recommendation=reported.recommendation, body=stranger.body)
    submit(own, at=timezone.now(), by=stranger, forecast_on=confirmed.forecast_on)
    client.force_login(stranger)
    answer = client.post(url_of(own), {"latest": confirmed.pk})
    assert answer.status_code == 409
    assert officer.name not in text_of(answer)
