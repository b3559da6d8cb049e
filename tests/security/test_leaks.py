"""What is cached or created for one user never reaches another: pages, files, feeds and 304s."""

import io
import zipfile
from itertools import product
from typing import Any

import pytest
from django.test import Client

from forces.models import User
from recommendations.models import Snapshot
from tests.security.clients import UserClient
from tests.security.force_records import ACCEPTED, CLAIMED, DRAFTED, QUESTIONED
from tests.security.scenario import LIMITED, OTHER, OWN, SECRET, SEE_POSITION, Scenario

NATIONAL = {"observer", "second reviewer"}  # without documents of a force
FRAGMENT_HEADERS = {"HX-Request": "true"}
SHARED_PATHS = (  # pages with different content for different users
    *("/", "/heatmap/", "/heatmap/?flag=overdue", "/trends/", "/recommendations/"),
    *(f"/recommendations/{number}/" for number in (QUESTIONED, ACCEPTED, CLAIMED)),
    *(f"/recommendations/{number}/latest-updates/" for number in (QUESTIONED, ACCEPTED, CLAIMED)),
    *("/forces/", "/forces/essex/", "/regions/south-east/", "/rocus/eastern/"),
    *("/search/?q=known+essex", "/search/?q=alone", "/search/?q=essex+7", "/changes/?by=body"),
    *("/changes/?since=2020-01-01", "/views/", "/downloads/", "/digests/mine/", "/api/tokens/"),
    *("/waiting/", "/waiting/essex/"),
)
RECORD_PATHS = (  # pages that do not exist for users who may not read them
    *(f"/forces/essex/{number}/" for number in (QUESTIONED, ACCEPTED, CLAIMED)),
    *(f"/forces/essex/{number}/panel/" for number in (QUESTIONED, ACCEPTED)),
    *(f"/forces/essex/{QUESTIONED}/questions/", f"/forces/essex/{DRAFTED}/update/"),
    *("/reviews/", "/questions/", "/deadlines/", "/digests/", "/audit/?body=essex"),
    "/audit/download/?body=essex",
)
FILES = (
    *("heatmap/all", "recommendations/all", "forces/all", "force/all", "overview/all"),
    *("changes/all", "recommendation/all", "region/all", "waiting/all"),
)
API_LISTS = (
    *("assignments", "bodies", "flags", "positions", "recommendations", "responses", "updates"),
    *("outcomes", "fragmentation"),
)


@pytest.mark.parametrize("headers", [{}, FRAGMENT_HEADERS], ids=["page", "fragment"])
def test_no_page_shows_what_an_analyst_was_shown_before(
    scenario: Scenario, headers: dict[str, str]
):
    analyst = UserClient(scenario, "analyst")
    readers = [UserClient(scenario, name) for name in LIMITED]
    assert Snapshot.objects.exists()
    for path in SHARED_PATHS + RECORD_PATHS:
        etag = analyst.send("GET", path, headers=headers).headers.get("ETag")
        conditions_of_requests = [{}, {"If-None-Match": etag}] if etag else [{}]
        for reader, conditions in product(readers, conditions_of_requests):
            response = reader.send("GET", path, headers=headers | conditions)
            assert SECRET.encode() not in response.body, path
            assert b"/forces/essex/7/" not in response.body, path
            assert response.status_code != 304, path
            assert path in SHARED_PATHS or response.status_code == 404, path


def test_an_analyst_is_shown_the_secret(scenario: Scenario):
    """Without this the other tests of this file would prove nothing."""
    analyst = UserClient(scenario, "analyst")
    responses = [analyst.send("GET", path) for path in SHARED_PATHS + RECORD_PATHS]
    assert sum(SECRET.encode() in response.body for response in responses) >= 6
    assert SECRET.encode() in _api_csv(scenario, "analyst", "updates")


def test_no_page_export_contains_the_records_of_another_force(scenario: Scenario):
    readers = [UserClient(scenario, name) for name in LIMITED]
    for reader, file in product(readers, FILES):
        page = file.partition("/")[0]
        subject = {"force": "essex", "region": "south-east"}.get(page, QUESTIONED)
        response = reader.send("GET", f"/downloads/{file}.xlsx?of={subject}")
        assert SECRET.encode() not in _unzip(response.body), file


def test_an_api_token_has_the_permissions_of_its_owner(scenario: Scenario):
    for name, path in product(SEE_POSITION, API_LISTS):
        etag = _api(scenario, "analyst", path).headers["ETag"]
        for conditions in ({}, {"If-None-Match": etag}):
            response = _api(scenario, name, path, **conditions)
            assert response.status_code == 200
            assert SECRET.encode() not in response.getvalue(), path
        assert SECRET.encode() not in _api_csv(scenario, name, path)
    for name in SEE_POSITION:
        assert (b"Of Kent" in _api_csv(scenario, name, "updates")) == (name not in NATIONAL)


def test_revoked_and_expired_api_tokens_are_denied(scenario: Scenario):
    names = ("officer", "analyst", "administrator", "deactivated")
    for state, name in product(("revoked", "expired"), names):
        assert _api(scenario, name, "bodies", state=state).status_code == 401
    assert _api(scenario, "deactivated", "bodies").status_code == 401


def test_a_calendar_ends_with_its_owner_s_permission(scenario: Scenario):
    url = f"/calendar/{scenario.objects['officer', 'calendar']}.ics"
    response = Client().get(url)
    assert response.status_code == 200
    assert b"essex" not in response.content.lower()
    deactivated_url = f"/calendar/{scenario.objects['deactivated', 'calendar']}.ics"
    assert Client().get(deactivated_url).status_code == 404
    officer = User.objects.filter(pk=scenario.users["officer"].pk)
    officer.update(body=scenario.world.forces["Surrey"])
    headers = {"If-None-Match": response.headers["ETag"]}
    assert Client().get(url, headers=headers).status_code == 404


@pytest.mark.parametrize("name", ["analyst", "administrator", *SEE_POSITION])
def test_only_its_owner_can_open_a_download(scenario: Scenario, name: str):
    client = UserClient(scenario, name)
    own, other = (scenario.objects[user, "download"] for user in (name, "other analyst"))
    for headers in ({}, FRAGMENT_HEADERS):
        assert client.send("GET", f"/downloads/made/{other}/", headers=headers).status_code == 404
    assert client.send("GET", f"/downloads/made/{other}/file/").status_code == 404
    response = client.send("GET", f"/downloads/made/{own}/file/")
    assert response.status_code == 200
    assert (SECRET.encode() in response.body) == (name in {"analyst", "administrator"})


@pytest.mark.parametrize("name", LIMITED)
def test_evidence_can_be_opened_by_readers_of_its_update(scenario: Scenario, name: str):
    client = UserClient(scenario, name)
    essex, kent = scenario.records[OTHER], scenario.records[OWN]
    analyst = UserClient(scenario, "analyst")
    etag = analyst.send("GET", essex.evidence.get_absolute_url()).headers.get("ETag")
    headers = {"If-None-Match": etag} if etag else {}
    for file in (essex.evidence, essex.draft_evidence):
        assert client.send("GET", file.get_absolute_url(), headers=headers).status_code == 404
    response = client.send("GET", kent.evidence.get_absolute_url())
    assert response.status_code == (404 if name in NATIONAL else 200)


def _api(scenario: Scenario, name: str, path: str, *, state: str = "valid", **headers: str) -> Any:
    authorization = {"Authorization": f"Bearer {scenario.tokens[name, state]}"}
    return Client().get(f"/api/v1/{path}", headers=authorization | headers)


def _api_csv(scenario: Scenario, name: str, path: str) -> bytes:
    return _api(scenario, name, f"{path}?format=csv").getvalue()


def _unzip(content: bytes) -> bytes:
    """Return the parts of a spreadsheet, which are compressed; other content as it is."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())
