"""What was made for one reader is never another's: kept pages, fragments, files, feeds, 304s."""

import io
import zipfile
from itertools import product
from typing import Any

import pytest
from django.test import Client

from forces.models import User
from recommendations.models import Snapshot
from tests.security.asking import Asker
from tests.security.stage import (
    ACCEPTED,
    ASKED,
    DRAFTED,
    NARROW,
    OTHER,
    OWN,
    SECRET,
    WAITING,
    Stage,
)

FRAGMENT = {"HX-Request": "true"}
SHARED = (  # one address, shown to many
    *("/", "/heatmap/", "/heatmap/?flag=overdue", "/trends/", "/recommendations/"),
    *(f"/recommendations/{number}/" for number in (ASKED, ACCEPTED, WAITING)),
    *(f"/recommendations/{number}/accounts/" for number in (ASKED, ACCEPTED, WAITING)),
    *("/forces/", "/forces/essex/", "/regions/south-east/", "/rocus/eastern/"),
    *("/search/?q=papers+essex", "/search/?q=alone", "/search/?q=essex+7", "/changes/?by=body"),
    *("/changes/?since=2020-01-01", "/views/", "/downloads/", "/digests/mine/", "/api/tokens/"),
)
PAPERS = (  # there for who may read them, and for nobody else
    *(f"/forces/essex/{number}/" for number in (ASKED, ACCEPTED, WAITING)),
    *(f"/forces/essex/{number}/panel/" for number in (ASKED, ACCEPTED)),
    *(f"/forces/essex/{ASKED}/questions/", f"/forces/essex/{DRAFTED}/update/"),
    *("/reviews/", "/questions/", "/deadlines/", "/digests/", "/audit/?body=essex"),
    "/audit/download/?body=essex",
)
FILES = (
    *("heatmap/all", "recommendations/all", "forces/all", "force/all", "overview/all"),
    *("changes/all", "recommendation/all", "region/all"),
)
LISTS = ("assignments", "bodies", "flags", "positions", "recommendations", "updates")


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "fragment"])
def test_after_an_analyst_each_reader_gets_an_answer_of_their_own(
    stage: Stage, headers: dict[str, str]
):
    analyst, readers = Asker(stage, "analyst"), [Asker(stage, name) for name in NARROW]
    assert Snapshot.objects.exists()
    for reader, path in product(readers, SHARED + PAPERS):
        theirs = analyst.ask("GET", path, headers=headers)
        mark = theirs.headers.get("ETag", "*")
        for conditions in ({}, {"If-None-Match": mark}):
            answer = reader.ask("GET", path, headers=headers | conditions)
            assert SECRET.encode() not in answer.whole, path
            assert b"/forces/essex/7/" not in answer.whole, path
            assert "*" in conditions.values() or answer.status_code != 304, path
            assert path in SHARED or answer.status_code == 404, path


def test_the_secret_can_be_found_where_it_may_be_read(stage: Stage):
    """Otherwise the tests of this file would see nothing at all."""
    analyst = Asker(stage, "analyst")
    shown = [path for path in SHARED + PAPERS if _shows(analyst, path)]
    assert len(shown) >= 6, shown
    assert SECRET.encode() in _table(stage, "analyst", "updates")


def test_no_file_of_a_page_holds_another_body_s_papers(stage: Stage):
    readers = [Asker(stage, name) for name in NARROW]
    for reader, kind, file in product(readers, ("csv", "xlsx", "ods"), FILES):
        page = file.partition("/")[0]
        of = {"force": "essex", "region": "south-east"}.get(page, ASKED)
        answer = reader.ask("GET", f"/downloads/{file}.{kind}?of={of}")
        assert SECRET.encode() not in _unpacked(answer.whole), file


def test_a_token_reads_what_its_person_may(stage: Stage):
    for name, each in product(NARROW, LISTS):
        mark = _api(stage, "analyst", each).headers["ETag"]
        for conditions in ({}, {"If-None-Match": mark}):
            answer = _api(stage, name, each, **conditions)
            assert answer.status_code == 200
            assert SECRET.encode() not in answer.getvalue(), each
        assert SECRET.encode() not in _table(stage, name, each)
    for name in NARROW:
        assert (b"Of Kent" in _table(stage, name, "updates")) == (name != "observer")


def test_a_token_that_is_over_opens_nothing(stage: Stage):
    people = ("officer", "analyst", "administrator", "left")
    for state, name in product(("revoked", "run out"), people):
        assert _api(stage, name, "bodies", state=state).status_code == 401
    assert _api(stage, "left", "bodies").status_code == 401


def test_a_calendar_ends_with_its_person_s_right_to_read(stage: Stage):
    address = f"/calendar/{stage.kept['officer', 'calendar']}.ics"
    answer = Client().get(address)
    assert answer.status_code == 200
    assert b"essex" not in answer.content.lower()
    assert Client().get(f"/calendar/{stage.kept['left', 'calendar']}.ics").status_code == 404
    moved = User.objects.filter(pk=stage.people["officer"].pk)
    moved.update(body=stage.world.forces["Surrey"])
    mark = {"If-None-Match": answer.headers["ETag"]}
    assert Client().get(address, headers=mark).status_code == 404


def test_a_made_file_is_its_asker_s_alone(stage: Stage):
    for name in ("analyst", "administrator", *NARROW):
        _reads_only_its_own_file(stage, name)


def _reads_only_its_own_file(stage: Stage, name: str) -> None:
    reader = Asker(stage, name)
    own, others = (stage.kept[whose, "download"] for whose in (name, "stranger"))
    for headers in ({}, FRAGMENT):
        assert reader.ask("GET", f"/downloads/made/{others}/", headers=headers).status_code == 404
    assert reader.ask("GET", f"/downloads/made/{others}/file/").status_code == 404
    answer = reader.ask("GET", f"/downloads/made/{own}/file/")
    assert answer.status_code == 200
    assert (SECRET.encode() in answer.whole) == (name in {"analyst", "administrator"})


def test_evidence_is_opened_by_those_who_may_read_its_update(stage: Stage):
    for name in NARROW:
        _opens_only_its_own_evidence(stage, name)


def _opens_only_its_own_evidence(stage: Stage, name: str) -> None:
    reader = Asker(stage, name)
    essex, kent = stage.papers[OTHER], stage.papers[OWN]
    mark = Asker(stage, "analyst").ask("GET", essex.evidence.get_absolute_url()).headers.get("ETag")
    for file in (essex.evidence, essex.draft_evidence):
        answer = reader.ask(
            "GET", file.get_absolute_url(), headers={"If-None-Match": mark} if mark else {}
        )
        assert answer.status_code == 404
    may = name != "observer"
    answer = reader.ask("GET", kent.evidence.get_absolute_url())
    assert answer.status_code == (200 if may else 404)


def _shows(asker: Asker, path: str, **headers: str) -> bool:
    return SECRET.encode() in asker.ask("GET", path, headers=headers).whole


def _api(stage: Stage, name: str, path: str, *, state: str = "in force", **headers: str) -> Any:
    bearer = {"Authorization": f"Bearer {stage.tokens[name, state]}"}
    return Client().get(f"/api/v1/{path}", headers=bearer | headers)


def _table(stage: Stage, name: str, path: str) -> bytes:
    return _api(stage, name, f"{path}?format=csv").getvalue()


def _unpacked(content: bytes) -> bytes:
    """A spreadsheet's parts are packed: what they say is read, not how they are kept."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return b"".join(opened.read(name) for name in opened.namelist())
