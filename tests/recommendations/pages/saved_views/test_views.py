"""Saved views: saving, pinning, sharing, and only pages of this service."""

import html
import re

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from forces.models import AuditEvent
from forces.refusal import Refusal
from recommendations.actions.saved_views import MAX_PINNED_VIEWS, MAX_SAVED_VIEWS, save_view
from recommendations.dashboards import snapshots
from recommendations.dashboards.saved_views.addresses import (
    UnsaveableAddress,
    saveable_address,
)
from recommendations.models import SavedView
from tests.factories import OfficerFactory, UserFactory
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db
OVERDUE = "/heatmap/?region=South+East&flag=overdue"


def save(world, name="Overdue", *, by=None, address=OVERDUE, pinned=False, shared=False):
    return save_view(
        name=name,
        address=address,
        is_pinned=pinned,
        is_shared=shared,
        by=by or world.analyst,
        at=world.now,
    )


def test_a_pinned_view_is_on_the_overview(analyst_client):
    page = analyst_client.get(OVERDUE).content.decode()
    [link] = set(re.findall(r'href="(/views/save/\?[^"]*)"', page))
    form = text_of(analyst_client.get(html.unescape(link)))
    assert "Heatmap: flag overdue, region South East" in form
    address = re.search(r'name="address" value="([^"]*)"', form)
    posted = {
        "address": address[1],
        "name": "  South East,  overdue ",
        "shown": ["pinned"],
    }
    answer = analyst_client.post("/views/save/", posted, follow=True)
    assert "View “South East, overdue” saved." in text_of(answer)
    overview = text_of(analyst_client.get("/"))
    assert "Your pinned views" in overview
    link = re.search(r'href="(/views/\d+/)">South', overview)[1]
    assert analyst_client.get(link).headers["Location"] == address[1]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "//evil.example/",
        "/\\evil.example/",
        "https://evil.example/heatmap/",
        "javascript:alert(1)",
        "/%2F/evil.example",
        "/heatmap/\n//evil",
        "/heatmap/\x00",
        "\\heatmap",
        "heatmap/",
        "/nowhere/",
        "/admin/",
        "/accounts/sign-out/",
        "/forces/kent/1/update/",
        "/import/",
        "/evidence/00000000-0000-0000-0000-000000000000/",
        "/heatmap/?text=" + "a" * 2000,
        "/heatmap/?" + "&".join(f"a{n}=1" for n in range(60)),
        "//[",
    ],
)
def test_an_address_outside_the_service_is_not_saved(analyst_client, address):
    with pytest.raises(UnsaveableAddress):
        saveable_address(address)
    for answer in (
        analyst_client.get("/views/save/", {"address": address}),
        analyst_client.post("/views/save/", {"address": address, "name": "x"}),
    ):
        assert answer.status_code == 400
        assert "This view could not be saved" in text_of(answer)
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("address", ["//evil", "/\\evil", "https://evil", "evil", "/a\nb", ""])
def test_the_database_rejects_it_too(world, address):
    with pytest.raises(IntegrityError), transaction.atomic():
        save(world, address=address)


def test_opening_a_view_checks_its_address_again(analyst_client, world):
    view = save(world)
    assert analyst_client.get(f"/views/{view.pk}/")["Location"] == OVERDUE
    SavedView.objects.update(address="/no-longer/")
    assert analyst_client.get(f"/views/{view.pk}/").status_code == 400
    assert "This page no longer exists" in text_of(analyst_client.get("/views/"))


def test_colleagues_see_shared_views_only(client, world):
    save(world, "Shared one", shared=True)
    save(world, "Private one")
    client.force_login(world.administrator)
    text = text_of(client.get("/views/"))
    assert "Shared one" in text
    assert "Ana Lyst" in text
    assert "Private one" not in text
    for person in (world.officer, world.observer):
        client.force_login(person)
        assert "Shared one" not in text_of(client.get("/views/"))


def test_officers_share_with_their_own_force_only(client, world):
    view = save(world, "Of Kent", by=world.officer, shared=True)
    colleague = OfficerFactory(body=world.forces["Kent"])
    stranger = OfficerFactory(body=world.forces["Essex"])
    for person, sees in ((colleague, True), (stranger, False), (world.analyst, False)):
        client.force_login(person)
        assert ("Of Kent" in text_of(client.get("/views/"))) == sees
        assert client.get(f"/views/{view.pk}/").status_code == (302 if sees else 404)


def test_people_who_have_left_share_nothing(client, world):
    view = save(world, shared=True)
    world.analyst.is_active = False
    world.analyst.save()
    client.force_login(world.administrator)
    assert client.get(f"/views/{view.pk}/").status_code == 404
    assert "No colleagues have shared a view with you." in text_of(client.get("/views/"))


@pytest.mark.parametrize("page", ["view_change", "view_delete"])
def test_only_the_owner_changes_and_deletes_a_view(client, world, page):
    view = save(world, shared=True)
    client.force_login(world.administrator)
    address = reverse(page, args=[view.pk])
    assert client.get(address).status_code == 404
    assert client.post(address, {"name": "Mine"}).status_code == 404
    assert SavedView.objects.get().name == "Overdue"


def test_a_view_is_changed_and_deleted(analyst_client, world):
    view = save(world)
    analyst_client.post(
        f"/views/{view.pk}/change/", {"name": "Late", "shown": ["pinned", "shared"]}
    )
    view.refresh_from_db()
    assert (view.name, view.is_pinned, view.is_shared) == ("Late", True, True)
    assert "delete the saved view “Late”?" in text_of(
        analyst_client.get(f"/views/{view.pk}/delete/")
    )
    analyst_client.post(f"/views/{view.pk}/delete/")
    assert not SavedView.objects.exists()
    acts = AuditEvent.objects.filter(act__startswith="view").order_by("position")
    assert list(acts.values_list("act", flat=True)) == [
        "view saved",
        "view changed",
        "view deleted",
    ]


def test_a_name_that_is_taken_gets_an_error(analyst_client, world):
    save(world)
    posted = {"address": "/forces/", "name": "OVERDUE", "shown": ["shared"]}
    text = text_of(analyst_client.post("/views/save/", posted))
    assert "You already have a saved view with this name." in text
    assert 'value="OVERDUE"' in text
    assert SavedView.objects.count() == 1


@pytest.mark.parametrize("name", ["", "   ", "a" * 81])
def test_an_invalid_name_gets_an_error(analyst_client, name):
    answer = analyst_client.post("/views/save/", {"address": "/forces/", "name": name})
    assert "Error: " in text_of(answer)
    assert not SavedView.objects.exists()


def test_a_double_click_saves_once(world):
    assert save(world).pk == save(world).pk


def test_the_number_of_views_is_limited(world):
    for number in range(MAX_PINNED_VIEWS):
        save(world, f"View {number}", pinned=True)
    with pytest.raises(Refusal, match="can pin up to 6 views"):
        save(world, "One more", pinned=True)
    for number in range(MAX_PINNED_VIEWS, MAX_SAVED_VIEWS):
        save(world, f"View {number}")
    with pytest.raises(Refusal, match="up to 50 saved views"):
        save(world, "One more")
    save(world, by=UserFactory())


def test_the_overview_shows_each_reader_their_own_views(client, world):
    snapshots.render_dashboards(inspection=world.inspection, at=world.now)
    save(world, "<b>Mine</b> & only mine", pinned=True)
    client.force_login(world.analyst)
    text = client.get("/").content.decode()
    assert "&lt;b&gt;Mine&lt;/b&gt; &amp; only mine" in text
    client.force_login(UserFactory())
    other = client.get("/").content.decode()
    assert "only mine" not in other
    assert "Your pinned views" not in other


def test_a_pinned_view_is_shown_at_once(analyst_client, world):
    snapshots.render_dashboards(inspection=world.inspection, at=world.now)
    analyst_client.get("/")  # brings the cookies
    etag = analyst_client.get("/")["ETag"]
    assert analyst_client.get("/", headers={"If-None-Match": etag}).status_code == 304
    save(world, pinned=True)
    again = analyst_client.get("/", headers={"If-None-Match": etag})
    assert again.status_code == 200
    assert "Your pinned views" in again.content.decode()


def test_officers_have_pinned_views_on_their_force_page(client, world):
    save(world, "Late in Kent", by=world.officer, pinned=True)
    client.force_login(world.officer)
    assert "Late in Kent" in text_of(client.get("/forces/kent/"))
    assert "Late in Kent" not in text_of(client.get("/forces/essex/"))


def test_a_day_of_a_view_can_move_on(analyst_client, world):
    address = "/heatmap/?flag=overdue&compare=2026-10-01"
    form = text_of(analyst_client.get("/views/save/", {"address": address}))
    assert "Always 1 October 2026" in form
    assert "Last Monday" in form
    posted = {"address": address, "name": "Mondays", "compare": "last_monday"}
    analyst_client.post("/views/save/", posted)
    view = SavedView.objects.get()
    assert view.moving_days == {"compare": "last_monday"}
    assert "compare last Monday" in text_of(analyst_client.get("/views/"))
    opened = analyst_client.get(f"/views/{view.pk}/")
    assert re.search(r"compare=(\d{4}-\d\d-\d\d)$", opened.headers["Location"])[1] > "2026-10-01"
    wrong = analyst_client.post(f"/views/{view.pk}/change/", posted | {"compare": "x"})
    assert "Select a day from the list" in text_of(wrong)
    analyst_client.post(f"/views/{view.pk}/change/", {"name": "Mondays", "compare": ""})
    view.refresh_from_db()
    assert view.moving_days == {}
    assert analyst_client.get(f"/views/{view.pk}/").headers["Location"] == address
