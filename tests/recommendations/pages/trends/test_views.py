from datetime import timedelta

import pytest
from django.urls import reverse

from recommendations import rules
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db


def test_only_readers_of_the_overview_may_see_the_trends(client, world):
    client.force_login(world.officer)
    assert client.get(reverse("trends")).status_code == 404
    for person in (world.analyst, world.observer, world.administrator):
        client.force_login(person)
        assert client.get(reverse("trends")).status_code == 200


def test_a_past_day_is_shown(analyst_client, world):
    past = rules.london_day(world.now) - timedelta(days=100)
    text = text_of(analyst_client.get(reverse("trends"), {"as_at": past.isoformat()}))
    assert "Position at the end of" in text


def test_an_invalid_date_is_ignored_with_a_note(analyst_client):
    text = text_of(analyst_client.get(reverse("trends"), {"as_at": "2026-02-31"}))
    assert "not a real date" in text


def test_nothing_is_planned_on_a_day_before_the_inspection(analyst_client):
    text = text_of(analyst_client.get(reverse("trends"), {"as_at": "2001-01-01"}))
    assert "Nothing is planned yet" in text
