"""Whole pages kept ready: the same page as computed, for its reader alone, never a stale one."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from forces.models import Role
from recommendations.dashboards import frames, snapshots
from recommendations.models import Snapshot
from tests.factories import UserFactory, accept
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
PAGES = pytest.mark.parametrize("page", frames.PAGES)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def analyst(world, client) -> Client:
    client.force_login(world.analyst)
    return client


def render(world: World) -> None:
    snapshots.render_dashboards(inspection=world.inspection, at=world.now)


def without_secrets(html: str) -> str:
    """A page without its tokens and nonces, which differ from answer to answer."""
    html = re.sub(r'(csrfmiddlewaretoken" value=)"[^"]*"', r"\1", html)
    return re.sub(r'nonce="[^"]*"', "", html)


@PAGES
def test_a_page_from_its_frame_is_the_page_as_computed(world, analyst, page):
    computed = analyst.get(reverse(page)).content.decode()
    render(world)
    framed = analyst.get(reverse(page)).content.decode()
    assert without_secrets(framed) == without_secrets(computed)
    assert "Ana Lyst" in framed


@PAGES
def test_a_page_from_its_frame_costs_three_queries(world, analyst, page, django_assert_num_queries):
    render(world)
    with django_assert_num_queries(3):  # session, person, frame
        analyst.get(reverse(page))


@PAGES
def test_a_frame_holds_no_person_and_no_secret(world, page):
    render(world)
    for kept in Snapshot.objects.filter(name__startswith=f"page:{page}"):
        marks = frames.Marks(kept.seed)
        assert f'csrfmiddlewaretoken" value="{marks.token}"' in kept.html
        assert set(re.findall(r'nonce="([^"]*)"', kept.html)) == {marks.nonce}
        assert "Ana Lyst" not in kept.html


@PAGES
def test_the_policy_allows_the_scripts_of_a_framed_page(world, analyst, page):
    render(world)
    answer = analyst.get(reverse(page))
    nonces = set(re.findall(r'nonce="([^"]*)"', answer.content.decode()))
    assert len(nonces) == 1
    assert f"'nonce-{nonces.pop()}'" in answer.headers["Content-Security-Policy"]


def test_the_form_of_a_framed_page_can_be_sent(world):
    render(world)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.analyst)
    page = browser.get(reverse("overview")).content.decode()
    token = re.search(r'csrfmiddlewaretoken" value="([^"]*)"', page)
    assert token
    answer = browser.post(reverse("logout"), {"csrfmiddlewaretoken": token[1]})
    assert answer.status_code == 302
    assert answer.headers["Clear-Site-Data"] == '"cache"'


def test_a_name_is_text_and_never_markup(world, client):
    render(world)
    client.force_login(UserFactory(name="<b>Ana</b> & Co"))
    page = client.get(reverse("overview")).content.decode()
    assert "&lt;b&gt;Ana&lt;/b&gt; &amp; Co" in page


@PAGES
def test_each_role_has_its_own_menu(world, client, page):
    render(world)
    for role in frames.ROLES:
        client.force_login(UserFactory(role=role))
        is_shown = "Administration" in client.get(reverse(page)).content.decode()
        assert is_shown == (role == Role.ADMINISTRATOR)


@PAGES
def test_those_who_see_less_get_no_frame(world, client, page):
    render(world)
    Snapshot.objects.update(html="<p>for national readers</p>")
    for person in (world.officer, world.observer):
        client.force_login(person)
        answer = client.get(reverse(page), follow=True)
        assert "for national readers" not in answer.content.decode()


@PAGES
def test_what_the_last_act_did_is_still_said(world, analyst, page):
    """A page with a message is made anew: no frame carries one."""
    render(world)
    analyst.post(reverse("questions", args=["essex", 1]), {"text": "By when?"})
    render(world)
    Snapshot.objects.filter(name__startswith="page").update(html="framed")
    answer = analyst.get(reverse(page)).content.decode()
    assert answer != "framed"
    assert "govuk-notification-banner" in answer
    assert analyst.get(reverse(page)).content.decode() == "framed"


class TestReturningBrowser:
    @PAGES
    @pytest.mark.parametrize("is_rendered", [True, False])
    def test_gets_nothing_twice(self, world, analyst, page, is_rendered):
        if is_rendered:
            render(world)
        analyst.get(reverse(page))  # sets the cookies
        etag = analyst.get(reverse(page)).headers["ETag"]
        again = analyst.get(reverse(page), headers={"If-None-Match": etag})
        assert again.status_code == 304
        assert again.content == b""
        # A new policy would forbid the kept page its own scripts.
        assert "Content-Security-Policy" not in again.headers

    @PAGES
    def test_gets_the_page_after_a_change(self, world, analyst, page):
        render(world)
        analyst.get(reverse(page))
        etag = analyst.get(reverse(page)).headers["ETag"]
        accept(world.assignment("Essex", 1).latest_update, at=world.now, by=world.analyst)
        again = analyst.get(reverse(page), headers={"If-None-Match": etag})
        assert again.status_code == 200
        assert "2 of 12 force recommendations are implemented" in again.content.decode()

    @PAGES
    def test_gets_no_page_of_another_person(self, world, analyst, page):
        analyst.get(reverse(page))
        etag = analyst.get(reverse(page)).headers["ETag"]
        analyst.force_login(world.administrator)
        assert analyst.get(reverse(page), headers={"If-None-Match": etag}).status_code == 200

    @PAGES
    def test_is_told_to_ask_again_each_time(self, world, analyst, page):
        kept = analyst.get(reverse(page)).headers["Cache-Control"]
        assert set(kept.split(", ")) == {"private", "no-cache"}

    @PAGES
    def test_a_release_is_another_page(self, world, analyst, page, settings):
        render(world)
        analyst.get(reverse(page))
        etag = analyst.get(reverse(page)).headers["ETag"]
        Snapshot.objects.update(html="of the old release")
        settings.RELEASE = "another"
        again = analyst.get(reverse(page), headers={"If-None-Match": etag})
        assert again.status_code == 200
        assert "of the old release" not in again.content.decode()
