"""Pages are served from snapshots; a stale one never is (design, section 8)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from recommendations import rules
from recommendations.dashboards import snapshots
from recommendations.models import Snapshot
from tests.factories import accept
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def rendered(world: World) -> dict[str, str]:
    world.inspection.refresh_from_db()
    on = rules.london_day(world.now)
    names = (snapshots.SENTENCE, snapshots.OVERVIEW, snapshots.HEATMAP)
    return dict(snapshots.parts(*names, inspection=world.inspection, on=on))


def test_what_is_served_from_snapshots_is_what_would_be_computed(world):
    computed = rendered(world)
    snapshots.render_dashboards(inspection=world.inspection, at=world.now)
    assert Snapshot.objects.exclude(name__startswith="page:").count() == 3
    assert rendered(world) == computed


@pytest.mark.parametrize("page", ["overview", "heatmap"])
def test_a_fresh_snapshot_is_served(world, client, page):
    snapshots.render_dashboards(inspection=world.inspection, at=world.now)
    Snapshot.objects.filter(name__startswith="page:").delete()
    Snapshot.objects.filter(name=page).update(html="<p>kept ready</p>")
    client.force_login(world.analyst)
    assert "kept ready" in client.get(reverse(page)).content.decode()


@pytest.mark.parametrize("page", ["overview", "heatmap"])
def test_a_snapshot_is_not_served_after_a_change(world, client, page):
    snapshots.render_dashboards(inspection=world.inspection, at=world.now)
    Snapshot.objects.update(html="<p>stale</p>")
    accept(world.assignment("Essex", 1).latest_update, at=world.now, by=world.analyst)
    client.force_login(world.analyst)
    text = client.get(reverse(page)).content.decode()
    assert "stale</p>" not in text
    assert "2 of 12 force recommendations are implemented" in text


def test_a_snapshot_of_yesterday_is_not_served(world):
    computed = rendered(world)
    snapshots.render_dashboards(inspection=world.inspection, at=world.now - timedelta(days=1))
    Snapshot.objects.update(html="yesterday")
    assert rendered(world) == computed


def test_a_slow_job_does_not_put_an_older_rendering_over_a_newer_one(world):
    snapshots.render_dashboards(inspection=world.inspection, at=world.now)
    said = snapshots.render_dashboards(
        inspection=world.inspection, at=world.now - timedelta(days=1)
    )
    assert said.startswith("Nothing was kept")
    assert set(Snapshot.objects.values_list("on", flat=True)) == {rules.london_day(world.now)}


def test_an_observer_is_not_served_the_links_of_an_analyst(world, client):
    snapshots.render_dashboards(inspection=world.inspection, at=world.now)
    client.force_login(world.observer)
    for page in ("overview", "heatmap"):
        assert "/forces/kent/1/" not in client.get(reverse(page)).content.decode()


def test_a_part_holds_nothing_of_a_person(world):
    snapshots.render_dashboards(inspection=world.inspection, at=world.now)
    for kept in Snapshot.objects.exclude(name__startswith="page:"):
        assert "csrf" not in kept.html
        assert "nonce" not in kept.html
        assert world.analyst.name not in kept.html
        assert world.officer.name not in kept.html
