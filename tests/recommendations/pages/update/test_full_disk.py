"""The disk is full: what was typed stays, no file is stored, and no half of one is left."""

import tempfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from recommendations.actions.prefer_one_page import prefer_one_page
from recommendations.models import Draft, Evidence, ImportBatch
from tests.recommendations.pages.pages import begin, hidden, place, step, text_of

pytestmark = pytest.mark.django_db
TEXT = "Patrols began on the two main routes this week."


@pytest.fixture
def on_evidence(full_disk, settings) -> Path:
    options = {"location": str(full_disk), "file_permissions_mode": 0o600}
    evidence = settings.STORAGES["evidence"] | {"OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"evidence": evidence}
    return full_disk


@pytest.fixture
def on_uploads(full_disk, settings) -> Path:
    settings.FILE_UPLOAD_TEMP_DIR = str(full_disk)
    return full_disk


def large_file(name: str = "plan.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"A line of the plan.\n" * 10_000)


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("disk", ["on_evidence", "on_uploads"])
def test_the_evidence_page_says_so(client, assignment, officer, disk, request):
    folder = request.getfixturevalue(disk)
    client.force_login(officer)
    begin(client, assignment)
    url = reverse("update_evidence", args=place(assignment))
    answer = client.post(url, {"files": [large_file()], "action": "upload"})
    assert answer.status_code == 507
    assert "“plan.txt” was not uploaded, because there is no space left" in text_of(answer)
    shown = client.post(url, {"files": [large_file()]}, headers={"HX-Request": "true"})
    assert shown.status_code == 200  # htmx shows no errors
    assert "no space left" in text_of(shown)
    assert not Evidence.objects.exists()
    assert files_in(folder) == []


@pytest.mark.parametrize("disk", ["on_evidence", "on_uploads"])
def test_the_answers_beside_the_file_are_saved(client, assignment, officer, disk, request):
    folder = request.getfixturevalue(disk)
    prefer_one_page(is_preferred=True, by=officer)
    client.force_login(officer)
    page = begin(client, assignment)
    url = step(assignment, "all")
    page = client.get(url)
    answers = {"status": "in_progress", "account": TEXT, "files": [large_file()]}
    answer = client.post(url, hidden(page) | answers | {"action": "leave"})
    assert answer.status_code == 507
    assert "no space left on the server" in text_of(answer)
    assert TEXT in text_of(answer)
    assert files_in(folder) == []


def test_an_import_says_so(world, on_uploads):
    client = Client(raise_request_exception=False)
    client.force_login(world.analyst)
    answer = client.post(reverse("imports"), {"file": large_file("updates.csv")})
    assert answer.status_code == 507
    assert "Sorry, there is no space left on the server" in text_of(answer)
    assert not ImportBatch.objects.exists()
    assert files_in(on_uploads) == []


def test_a_download_of_a_page_says_so(world, full_disk, monkeypatch):
    client = Client(raise_request_exception=False)
    client.force_login(world.analyst)
    monkeypatch.setattr(tempfile, "tempdir", str(full_disk))
    answer = client.get("/downloads/trends/flags.xlsx")
    assert answer.status_code == 507
    assert files_in(full_disk) == []


@pytest.mark.parametrize("code", ["53100", "53300", "57P01", "25006"])
def test_an_answer_that_the_database_cannot_take_is_shown(assignment, officer, code):
    """53100 is its full disk; the others are too few connections, a shutdown and a standby."""
    client = Client(raise_request_exception=False)
    client.force_login(officer)
    begin(client, assignment)
    page = client.get(step(assignment, "progress"))
    _refuse_drafts(code)
    url = step(assignment, "progress")
    answer = client.post(url, hidden(page) | {"account": TEXT})
    assert answer.status_code == (507 if code == "53100" else 503)
    assert ("Retry-After" in answer) is (code != "53100")
    assert TEXT in text_of(answer)
    foreign = {"Sec-Fetch-Site": "cross-site"}
    again = client.post(url, hidden(page) | {"account": TEXT}, headers=foreign)
    assert TEXT not in text_of(again)
    assert Draft.objects.get().account == ""


def _refuse_drafts(code: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse_draft() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION USING ERRCODE = '{code}', MESSAGE = 'no'; END $$; "
            "CREATE TRIGGER refuse BEFORE UPDATE ON recommendations_draft "
            "FOR EACH ROW EXECUTE FUNCTION refuse_draft()"
        )
