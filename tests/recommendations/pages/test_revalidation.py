"""A browser whose copy of a national page is current gets 304; any other gets the page."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from recommendations.dashboards import snapshots
from tests.factories import accept
from tests.recommendations.pages.pages import text_of
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
PAGES = pytest.mark.parametrize("page", ["overview", "heatmap", "trends"])


@pytest.fixture
def world() -> World:
    world = make_world()
    snapshots.render_dashboards(inspection=world.inspection, at=world.now)
    return world


@pytest.fixture
def analyst(world, client) -> Client:
    client.force_login(world.analyst)
    return client


def etag_of(client: Client, page: str) -> str:
    client.get(reverse(page))  # sets the cookies
    return client.get(reverse(page)).headers["ETag"]


def ask_again(client: Client, page: str, etag: str):
    return client.get(reverse(page), headers={"If-None-Match": etag})


@PAGES
@pytest.mark.parametrize("is_rendered", [True, False])
def test_an_unchanged_page_is_not_sent_twice(world, analyst, page, is_rendered):
    if not is_rendered:
        world.inspection.snapshots.all().delete()
    again = ask_again(analyst, page, etag_of(analyst, page))
    assert again.status_code == 304
    assert again.content == b""
    # A new policy would block the scripts of the browser's copy.
    assert "Content-Security-Policy" not in again.headers


@pytest.mark.parametrize(("page", "queries"), [("overview", 4), ("heatmap", 3), ("trends", 3)])
def test_an_unchanged_page_reads_no_snapshot(
    world, analyst, page, queries, django_assert_num_queries
):
    """Session, person and inspection; on the overview the pinned views, too."""
    etag = etag_of(analyst, page)
    with django_assert_num_queries(queries):
        assert ask_again(analyst, page, etag).status_code == 304


@PAGES
def test_a_changed_page_is_sent(world, analyst, page):
    etag = etag_of(analyst, page)
    accept(world.assignment("Essex", 1).latest_update, at=world.now, by=world.analyst)
    again = ask_again(analyst, page, etag)
    assert again.status_code == 200
    assert "2 of 12 force recommendations are implemented" in text_of(again)


@PAGES
def test_a_page_of_another_person_is_not_current(world, analyst, page):
    etag = etag_of(analyst, page)
    analyst.force_login(world.administrator)
    assert ask_again(analyst, page, etag).status_code == 200


@PAGES
def test_a_page_of_another_release_is_not_current(world, analyst, page, settings):
    etag = etag_of(analyst, page)
    settings.RELEASE = "another"
    assert ask_again(analyst, page, etag).status_code == 200


@PAGES
def test_a_page_with_a_message_is_sent_and_has_no_etag(world, analyst, page):
    analyst.post(reverse("questions", args=["essex", 1]), {"text": "By when?"})
    again = ask_again(analyst, page, "*")
    assert "govuk-notification-banner" in text_of(again)
    assert "ETag" not in again.headers


def test_nobody_gets_304_for_a_page_that_they_may_not_see(world, client):
    client.force_login(world.officer)
    assert ask_again(client, "trends", "*").status_code == 404
    assert ask_again(client, "overview", "*").status_code == 302


@PAGES
def test_browsers_keep_pages_for_their_reader_alone_and_ask_each_time(world, analyst, page):
    answer = analyst.get(reverse(page))
    assert set(answer.headers["Cache-Control"].split(", ")) == {"private", "no-cache"}
    assert {"HX-Request", "Cookie"} <= set(answer.headers["Vary"].split(", "))


@pytest.mark.parametrize("page", ["overview", "heatmap"])
def test_fragments_are_not_stored(world, analyst, page):
    answer = analyst.get(reverse(page), headers={"HX-Request": "true"})
    assert "no-store" in answer.headers["Cache-Control"]
    assert "ETag" not in answer.headers


@PAGES
def test_the_policy_allows_the_scripts_of_the_page(world, analyst, page):
    answer = analyst.get(reverse(page))
    nonces = set(re.findall(r'nonce="([^"]*)"', text_of(answer)))
    assert len(nonces) == 1
    assert f"'nonce-{nonces.pop()}'" in answer.headers["Content-Security-Policy"]


def test_signing_out_removes_the_browser_s_copies(world):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.analyst)
    token = re.search(
        r'csrfmiddlewaretoken" value="([^"]*)"', text_of(browser.get(reverse("overview")))
    )
    assert token
    answer = browser.post(reverse("logout"), {"csrfmiddlewaretoken": token[1]})
    assert answer.status_code == 302
    assert answer.headers["Clear-Site-Data"] == '"cache"'
