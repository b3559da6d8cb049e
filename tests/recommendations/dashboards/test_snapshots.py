"""Pages show current snapshots inside the reader's own layout."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from forces.models import Role
from recommendations import rules, tasks
from recommendations.dashboards import snapshots
from recommendations.dashboards.visibility import FULL_VISIBILITY, Visibility
from recommendations.models import Snapshot
from tests.factories import UserFactory, accept
from tests.recommendations.pages.pages import text_of
from tests.world import World

pytestmark = pytest.mark.django_db
NAMES = (
    *(snapshots.SENTENCE, snapshots.OVERVIEW, snapshots.OVERVIEW_DAY, snapshots.HEATMAP),
    *(snapshots.HEATMAP_FILTERS, snapshots.HEATMAP_TIMES, snapshots.TRENDS, snapshots.TRENDS_DAY),
)
PAGES = pytest.mark.parametrize("page", ["overview", "heatmap", "trends"])


def render(world: World, **ago: int) -> str:
    at = world.now - timedelta(**ago)
    return snapshots.render_dashboards(inspection=world.inspection, at=at)


def content(world: World, visibility: Visibility = FULL_VISIBILITY) -> snapshots.Content:
    world.inspection.refresh_from_db()
    today = rules.london_day(world.now)
    return snapshots.content(
        *NAMES, inspection=world.inspection, today=today, visibility=visibility
    )


def test_stored_content_equals_computed_content(world):
    computed = content(world)
    render(world)
    assert set(Snapshot.objects.values_list("name", flat=True)) == set(NAMES)
    assert content(world) == computed


def test_stored_content_takes_one_query(world, django_assert_num_queries):
    render(world)
    world.inspection.refresh_from_db()
    today = rules.london_day(world.now)
    with django_assert_num_queries(1):
        snapshots.content(
            *NAMES, inspection=world.inspection, today=today, visibility=FULL_VISIBILITY
        )


@PAGES
def test_a_page_shows_the_snapshot_inside_the_readers_layout(world, analyst_client, page):
    render(world)
    Snapshot.objects.filter(name=page).update(html="<p>from the snapshot</p>")
    text = text_of(analyst_client.get(reverse(page)))
    assert "<p>from the snapshot</p>" in text
    assert "Ana Lyst" in text
    assert 'href="/reviews/"' in text  # in the navigation of an analyst
    assert 'role="search"' in text


@PAGES
def test_only_administrators_see_administration_in_the_navigation(world, client, page):
    render(world)
    for role in (Role.ANALYST, Role.ADMINISTRATOR):
        client.force_login(UserFactory(role=role))
        is_shown = "Administration" in text_of(client.get(reverse(page)))
        assert is_shown == (role == Role.ADMINISTRATOR)


@PAGES
def test_a_message_is_shown_once_above_the_snapshot(world, analyst_client, page):
    analyst_client.post(reverse("questions", args=["essex", 1]), {"text": "By when?"})
    render(world)
    Snapshot.objects.filter(name=page).update(html="<p>from the snapshot</p>")
    for is_shown in (True, False):
        text = text_of(analyst_client.get(reverse(page)))
        assert "<p>from the snapshot</p>" in text
        assert ("govuk-notification-banner" in text) == is_shown


@PAGES
def test_a_page_is_the_same_without_a_snapshot(world, analyst_client, page):
    def main() -> str:
        text = text_of(analyst_client.get(reverse(page)))
        shown = text[text.index("<h1") : text.index("</main>")]
        return re.sub(r"Position at \d[^.]*\.", "", shown)  # the time of day

    computed = main()
    render(world)
    assert main() == computed


@PAGES
def test_a_snapshot_is_not_served_after_a_change(world, analyst_client, page):
    render(world)
    Snapshot.objects.update(html="<p>stale</p>")
    accept(world.assignment("Essex", 1).latest_update, at=world.now, by=world.analyst)
    text = text_of(analyst_client.get(reverse(page)))
    assert "stale</p>" not in text
    assert "2 of 12 force recommendations are implemented" in text


def test_a_snapshot_from_yesterday_or_another_release_is_not_served(world, settings):
    computed = content(world)
    render(world, days=1)
    Snapshot.objects.update(html="old")
    assert content(world) == computed
    render(world)
    Snapshot.objects.update(html="old")
    settings.RELEASE = "another"
    assert content(world) == computed


def test_the_scheduled_job_makes_up_for_a_lost_rendering(world, settings):
    def sweep() -> tuple[str, int, str]:
        result = tasks.render_stale_dashboards()
        world.inspection.refresh_from_db()
        snapshot = Snapshot.objects.get(name="overview")
        return result.split()[-3], snapshot.revision, snapshot.release

    render(world)
    accept(world.assignment("Essex", 1).latest_update, at=world.now, by=world.analyst)
    assert Snapshot.objects.get(name="overview").revision < sweep()[1]
    assert sweep() == ("up", world.inspection.revision, settings.RELEASE)
    settings.RELEASE = "new"
    assert sweep()[2] == "new"
    Snapshot.objects.filter(name="heatmap").delete()
    sweep()
    assert Snapshot.objects.filter(name="heatmap").exists()


def test_content_is_computed_if_one_snapshot_is_missing(world):
    computed = content(world)
    render(world)
    Snapshot.objects.update(html="stored")
    Snapshot.objects.filter(name=snapshots.HEATMAP).delete()
    assert content(world) == computed


def test_a_slow_job_does_not_replace_a_newer_snapshot(world):
    render(world)
    assert render(world, days=1).startswith("Nothing was stored")
    assert set(Snapshot.objects.values_list("on", flat=True)) == {rules.london_day(world.now)}


@PAGES
def test_readers_who_may_not_see_all_documents_get_no_snapshot(world, client, page):
    render(world)
    Snapshot.objects.update(html="<p>for readers of all documents</p>")
    for person in (world.officer, world.observer, UserFactory(role=Role.OBSERVER, body=None)):
        client.force_login(person)
        response = client.get(reverse(page), follow=True)
        assert "for readers of all documents" not in response.content.decode()


def test_an_observer_does_not_get_an_analysts_links(world, client):
    render(world)
    client.force_login(world.observer)
    for page in ("overview", "heatmap"):
        assert "/forces/essex/1/" not in text_of(client.get(reverse(page)))


def test_a_snapshot_contains_no_personal_data(world):
    render(world)
    for snapshot in Snapshot.objects.all():
        assert "csrf" not in snapshot.html
        assert "nonce" not in snapshot.html
        assert world.analyst.name not in snapshot.html
        assert world.officer.name not in snapshot.html


@pytest.mark.parametrize(("page", "queries"), [("overview", 6), ("heatmap", 5), ("trends", 5)])
def test_a_page_with_snapshots_takes_few_queries(
    world, analyst_client, page, queries, django_assert_num_queries
):
    """Session, user, inspection and snapshots; and on the overview the pinned views."""
    render(world)
    with django_assert_num_queries(queries):
        analyst_client.get(reverse(page))
