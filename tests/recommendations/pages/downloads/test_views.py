"""Large files are requested, and opened by the person who requested them alone."""

from datetime import timedelta

import pytest

from forces.models import AuditEvent, Role
from forces.refusal import Refusal
from recommendations.actions.request_download import MAX_UNFINISHED_DOWNLOADS
from recommendations.exports import background
from recommendations.models import Download
from tests.factories import UserFactory
from tests.recommendations.exports.downloads import finished_download, requested_download
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db
State = Download.State


def test_a_requested_file_shows_its_progress_and_then_its_link(analyst_client, world):
    answer = analyst_client.post(
        "/downloads/", {"kind": "updates", "file_type": "csv"}, follow=True
    )
    assert "Preparing your file" in text_of(answer)
    download = Download.objects.get()
    address = download.get_absolute_url()
    assert analyst_client.get(f"{address}file/").status_code == 404
    fragment = analyst_client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="load delay:2s"' in fragment
    assert "<html" not in fragment
    background.generate(download.pk, at=world.now)
    text = text_of(analyst_client.get(address))
    assert "hx-trigger" not in text
    assert "updates-" in text
    file = analyst_client.get(f"{address}file/")
    assert file["Content-Disposition"].startswith('attachment; filename="updates-')
    assert "no-store" in file["Cache-Control"]
    assert AuditEvent.objects.filter(act="file downloaded").count() == 1


@pytest.mark.parametrize("person", ["officer", "observer", "administrator"])
def test_nobody_else_opens_the_link(client, world, person):
    download = finished_download(world)
    client.force_login(getattr(world, person))
    assert client.get(download.get_absolute_url()).status_code == 404
    assert client.get(f"{download.get_absolute_url()}file/").status_code == 404
    assert "Every update, CSV" not in text_of(client.get("/downloads/"))


def test_a_person_with_a_new_role_cannot_open_the_file(client, world):
    download = finished_download(world)
    world.analyst.role, world.analyst.body = Role.LIAISON_OFFICER, world.forces["Kent"]
    world.analyst.save()
    client.force_login(world.analyst)
    assert client.get(f"{download.get_absolute_url()}file/").status_code == 404


def test_a_briefing_is_for_those_who_see_every_body(client, world):
    client.force_login(world.officer)
    assert "Briefing pack" not in text_of(client.get("/downloads/"))
    posted = {"kind": "briefing", "since_day": "1", "since_month": "1", "since_year": "2026"}
    assert client.post("/downloads/", posted).status_code == 404
    with pytest.raises(Refusal):
        requested_download(world, "briefing", "pdf", by=world.officer, since="2026-01-01")


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"since_day": "1", "since_month": "1", "since_year": "2999"}, "today or in the past"),
        ({"since_day": "31", "since_month": "2", "since_year": "2026"}, "must be a real date"),
        ({"since_day": "", "since_month": "", "since_year": ""}, "Enter the first day"),
        ({"since_day": "1", "since_month": "1", "since_year": "0001"}, "in 1900 or later"),
    ],
)
def test_an_invalid_date_is_refused(analyst_client, typed, error):
    text = text_of(analyst_client.post("/downloads/", {"kind": "briefing", **typed}))
    assert error in text
    assert not Download.objects.exists()
    assert f'value="{typed["since_year"]}"' in text or not typed["since_year"]


@pytest.mark.parametrize("posted", [{}, {"kind": "all"}, {"kind": "updates\x00"}])
def test_an_unknown_kind_of_download_is_not_found(analyst_client, posted):
    assert analyst_client.post("/downloads/", posted).status_code == 404


def test_an_unknown_file_type_is_refused(analyst_client):
    text = text_of(analyst_client.post("/downloads/", {"kind": "updates", "file_type": "exe"}))
    assert "Select a file type from the list" in text


def test_repeated_requests_count_once_and_too_many_are_refused(world, analyst_client):
    assert requested_download(world).pk == requested_download(world).pk
    for number in range(MAX_UNFINISHED_DOWNLOADS - 1):
        requested_download(world, at=world.now + timedelta(minutes=2 * (number + 1)))
    text = text_of(analyst_client.post("/downloads/", {"kind": "months", "file_type": "csv"}))
    assert "We are preparing 5 files for you" in text
    requested_download(world, by=UserFactory())


def test_every_update_is_not_offered_to_those_who_may_read_none(client, world):
    for reader, is_offered in ((world.officer, True), (world.observer, False)):
        client.force_login(reader)
        kinds = [large["kind"] for large in client.get("/downloads/").context["large_downloads"]]
        assert ("updates" in kinds) is is_offered
