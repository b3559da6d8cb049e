"""A browser with a current copy of a national page gets 304; otherwise it gets the page."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from recommendations.dashboards import snapshots
from tests.factories import accept
from tests.recommendations.pages.pages import text_of
from tests.world import World

pytestmark = pytest.mark.django_db
PAGES = pytest.mark.parametrize("page", ["overview", "heatmap", "trends"])


@pytest.fixture
def world(world: World) -> World:
    """The world with current snapshots."""
    snapshots.render_dashboards(inspection=world.inspection, at=world.now)
    return world


def etag_of(client: Client, page: str) -> str:
    client.get(reverse(page))  # sets the cookies
    return client.get(reverse(page)).headers["ETag"]


def revalidate(client: Client, page: str, etag: str):
    return client.get(reverse(page), headers={"If-None-Match": etag})


@PAGES
@pytest.mark.parametrize("is_rendered", [True, False])
def test_an_unchanged_page_is_not_sent_again(world, analyst_client, page, is_rendered):
    if not is_rendered:
        world.inspection.snapshots.all().delete()
    response = revalidate(analyst_client, page, etag_of(analyst_client, page))
    assert response.status_code == 304
    assert response.content == b""
    # A new policy would block the scripts of the browser's copy.
    assert "Content-Security-Policy" not in response.headers


@pytest.mark.parametrize(("page", "queries"), [("overview", 4), ("heatmap", 3), ("trends", 3)])
def test_revalidation_takes_few_queries(
    world, analyst_client, page, queries, django_assert_num_queries
):
    """Session, user and inspection; and on the overview the pinned views."""
    etag = etag_of(analyst_client, page)
    with django_assert_num_queries(queries):
        assert revalidate(analyst_client, page, etag).status_code == 304


@PAGES
def test_a_changed_page_is_sent(world, analyst_client, page):
    etag = etag_of(analyst_client, page)
    accept(world.assignment("Essex", 1).latest_update, at=world.now, by=world.analyst)
    response = revalidate(analyst_client, page, etag)
    assert response.status_code == 200
    assert "2 of 12 force recommendations are implemented" in text_of(response)


@PAGES
def test_a_copy_of_another_persons_page_is_not_current(world, analyst_client, page):
    etag = etag_of(analyst_client, page)
    analyst_client.force_login(world.administrator)
    assert revalidate(analyst_client, page, etag).status_code == 200


@PAGES
def test_a_copy_from_another_release_is_not_current(world, analyst_client, page, settings):
    etag = etag_of(analyst_client, page)
    settings.RELEASE = "another"
    assert revalidate(analyst_client, page, etag).status_code == 200


@PAGES
def test_a_page_with_a_message_is_sent_and_has_no_etag(world, analyst_client, page):
    analyst_client.post(reverse("questions", args=["essex", 1]), {"text": "By when?"})
    response = revalidate(analyst_client, page, "*")
    assert "govuk-notification-banner" in text_of(response)
    assert "ETag" not in response.headers


def test_nobody_gets_304_for_a_page_that_they_may_not_see(world, client):
    client.force_login(world.officer)
    assert revalidate(client, "trends", "*").status_code == 404
    assert revalidate(client, "overview", "*").status_code == 302


@PAGES
def test_browsers_cache_pages_privately_and_always_revalidate(world, analyst_client, page):
    response = analyst_client.get(reverse(page))
    assert set(response.headers["Cache-Control"].split(", ")) == {"private", "no-cache"}
    assert {"HX-Request", "Cookie"} <= set(response.headers["Vary"].split(", "))


@pytest.mark.parametrize("page", ["overview", "heatmap"])
def test_fragments_are_not_stored(world, analyst_client, page):
    response = analyst_client.get(reverse(page), headers={"HX-Request": "true"})
    assert "no-store" in response.headers["Cache-Control"]
    assert "ETag" not in response.headers


@PAGES
def test_the_policy_allows_the_scripts_of_the_page(world, analyst_client, page):
    response = analyst_client.get(reverse(page))
    nonces = set(re.findall(r'nonce="([^"]*)"', text_of(response)))
    assert len(nonces) == 1
    assert f"'nonce-{nonces.pop()}'" in response.headers["Content-Security-Policy"]


def test_signing_out_clears_the_browser_cache(world):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.analyst)
    token = re.search(
        r'csrfmiddlewaretoken" value="([^"]*)"', text_of(browser.get(reverse("overview")))
    )
    assert token
    response = browser.post(reverse("logout"), {"csrfmiddlewaretoken": token[1]})
    assert response.status_code == 302
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
