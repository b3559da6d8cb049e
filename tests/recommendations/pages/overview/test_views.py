from datetime import timedelta

import pytest
from django.urls import reverse

from forces.models import Role
from recommendations import rules
from recommendations.actions.questions import ask_question
from tests.factories import UserFactory, accept
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db


def test_the_page_begins_with_a_summary(analyst_client):
    text = text_of(analyst_client.get("/"))
    assert "1 of 12 force recommendations is implemented (8%). 4 are overdue in 4 forces." in text
    assert "National organisations: 0 of 3 recommendations of their own implemented" in text


def test_an_officer_is_redirected_to_their_own_organisation(client, world):
    client.force_login(world.officer)
    assert client.get("/").url == "/forces/kent/"


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "9999-12-31", "2026-02-30", "x"])
def test_a_day_that_is_not_a_past_date_is_ignored_with_a_note(analyst_client, day):
    assert "so this is the position today" in text_of(analyst_client.get("/", {"as_at": day}))


def test_an_observer_without_an_organisation_gets_no_links_to_assignments(client, world):
    client.force_login(UserFactory(role=Role.OBSERVER))
    assert "/forces/kent/2/" not in text_of(client.get("/"))


def test_the_page_says_when_there_is_no_inspection(client):
    client.force_login(UserFactory())
    assert "No recommendations yet" in text_of(client.get("/"))


def test_the_page_says_what_is_left_and_never_compares_with_the_plan(analyst_client):
    text = text_of(analyst_client.get("/"))
    assert "open recommendations are due on" in text
    assert "of plan" not in text


def test_what_needs_the_reader_is_linked_to_where_it_is_done(analyst_client, world):
    text = text_of(analyst_client.get("/"))
    assert "Needs you" in text
    assert f'href="/reviews/{world.assignment("Essex", 1).latest_update_id}/"' in text
    assert 'href="/reviews/?late=1"' in text


def test_a_new_question_changes_the_page(analyst_client, world):
    analyst_client.get("/")  # brings the cookies
    etag = analyst_client.get("/").headers["ETag"]
    assert analyst_client.get("/", headers={"If-None-Match": etag}).status_code == 304
    ask_question(
        assignment=world.assignment("Kent", 3),
        text="What would show it?",
        by=world.officer,
        at=world.now,
    )
    response = analyst_client.get("/", headers={"If-None-Match": etag})
    assert response.status_code == 200
    assert "1 question" in text_of(response)


def test_a_past_day_is_shown_without_live_updates(analyst_client, world):
    accept(world.assignment("Essex", 1).latest_update, at=world.now, by=world.analyst)
    yesterday = rules.london_day(world.now) - timedelta(days=1)
    text = text_of(analyst_client.get(reverse("overview"), {"as_at": yesterday.isoformat()}))
    assert "1 of 12 force recommendations is implemented" in text
    assert "Position at the end of" in text
    assert "hx-get" not in text.partition('id="results"')[2]


def test_an_invalid_date_shows_today_with_a_note(analyst_client, world):
    accept(world.assignment("Essex", 1).latest_update, at=world.now, by=world.analyst)
    text = text_of(analyst_client.get(reverse("overview"), {"as_at": "31 June"}))
    assert "2 of 12 force recommendations are implemented" in text
    assert "not a real date" in text
