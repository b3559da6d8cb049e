from datetime import timedelta

import pytest
from django.urls import reverse

from recommendations import rules
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def panel_of(client, body: str, number: int, **query: str) -> str:
    return text_of(client.get(reverse("panel", args=[body, number]), query, headers=HTMX))


def test_the_panel_explains_why_a_cell_is_overdue(analyst_client):
    text = panel_of(analyst_client, "kent", 2)
    assert "Overdue: the due date passed 12 days ago, and the claim was returned." in text
    assert 'href="/forces/kent/2/"' in text
    assert 'href="/forces/kent/2/questions/"' in text
    assert 'href="/forces/kent/2/due-date/"' in text


def test_the_panel_says_when_a_review_was_due_and_leads_to_it(analyst_client, world):
    text = panel_of(analyst_client, "essex", 1)
    assert f'href="/reviews/{world.assignment("Essex", 1).latest_update_id}/"' in text
    assert "A claim is awaiting review. The review was due by" in text


def test_the_panel_can_be_about_a_past_day(analyst_client, world):
    past = rules.london_day(world.now) - timedelta(days=100)
    text = panel_of(analyst_client, "kent", 1, as_at=past.isoformat())
    assert "Open, and due in 160 days." in text
    assert f"?as_at={past.isoformat()}" in text
    assert "due-date/" not in text


def test_the_panel_says_when_nothing_was_assigned_yet(analyst_client, world):
    past = rules.london_day(world.now) - timedelta(days=300)
    assert "Not yet assigned" in panel_of(analyst_client, "kent", 1, as_at=past.isoformat())


def test_without_htmx_the_reader_is_redirected_to_the_page(analyst_client):
    assert analyst_client.get(reverse("panel", args=["kent", 2])).url == "/forces/kent/2/"


def test_readers_who_may_not_open_the_assignment_get_404(client, world):
    client.force_login(world.officer)
    assert client.get(reverse("panel", args=["essex", 1]), headers=HTMX).status_code == 404
    own = client.get(reverse("panel", args=["kent", 1]), headers=HTMX)
    assert own.status_code == 200
    assert "due-date/" not in text_of(own)
