"""Files of an update: sent, kept, opened by those who may, and never left behind."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from forces.models import AuditEvent, Role
from forces.refusal import Refusal
from recommendations.actions.drafts import discard_draft, open_draft
from recommendations.actions.evidence import add_evidence
from recommendations.actions.withdraw_assignment import withdraw_assignment
from recommendations.jobs import keep_house
from recommendations.models import Draft, Evidence, Update
from recommendations.models.evidence import EvidenceQuerySet
from recommendations.pages.update import evidence_views as views
from tests.factories import (
    ASSIGNED_AT,
    AssignmentFactory,
    ForceFactory,
    OfficerFactory,
    UserFactory,
)
from tests.recommendations.evidence.files import EICAR, HOSTILE, PDF, WELCOME
from tests.recommendations.evidence.scanner import scanner
from tests.recommendations.pages.pages import begin, fill_in, hidden, place, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    kept = {"location": str(tmp_path / "evidence"), "file_permissions_mode": 0o600}
    evidence = settings.STORAGES["evidence"] | {"OPTIONS": kept}
    settings.STORAGES = settings.STORAGES | {"evidence": evidence}
    return tmp_path / "evidence"


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def url_of(assignment) -> str:
    return reverse("update_evidence", args=place(assignment))


def send(client, assignment, *files: tuple[str, bytes]):
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(url_of(assignment), {"files": sent}, follow=True)


def test_files_are_sent_with_the_update_and_opened_by_those_who_may(
    client, assignment, officer, analyst, folder
):
    client.force_login(officer)
    page = fill_in(client, assignment)
    shown = text_of(send(client, assignment, ("plan.pdf", PDF), ("plan.pdf", PDF + b"\n")))
    assert "plan.pdf" in shown
    assert "plan (2).pdf" in shown
    assert "Not scanned for viruses" in shown
    page = client.get(reverse("update_check", args=place(assignment)))
    page = client.post(reverse("update_check", args=place(assignment)), hidden(page), follow=True)
    update = Update.objects.get()
    first, second = update.evidence.all()
    assert update.evidence_count == 2
    assert first.sha256 in text_of(page)
    assert AuditEvent.objects.get(act="update submitted").details["evidence"] == [
        first.sha256,
        second.sha256,
    ]

    client.force_login(analyst)
    answer = client.get(first.get_absolute_url())
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert AuditEvent.objects.filter(act="evidence opened", actor=analyst).count() == 1
    assert all(path.stat().st_mode & 0o077 == 0 for path in files_in(folder))
    assert not any("plan" in str(path.relative_to(folder)) for path in files_in(folder))


def test_a_draft_s_file_is_for_its_own_body_s_officers_only(
    client, assignment, officer, analyst, folder
):
    client.force_login(officer)
    begin(client, assignment)
    send(client, assignment, ("plan.pdf", PDF))
    kept = Evidence.objects.get()
    strangers = [analyst, OfficerFactory(), UserFactory(role=Role.OBSERVER, body=assignment.body)]
    for person in strangers:
        client.force_login(person)
        assert client.get(kept.get_absolute_url()).status_code == 404
        assert client.post(url_of(assignment), {"remove": kept.key}).status_code == 404
    client.logout()
    assert client.get(kept.get_absolute_url()).status_code == 302
    assert Evidence.objects.exists()


def sent_from(client, assignment) -> None:
    page = client.get(reverse("update_check", args=place(assignment)))
    client.post(reverse("update_check", args=place(assignment)), hidden(page))


def test_the_query_finds_what_each_role_may_open(client, assignment, officer, folder):
    people = {"nobody": AnonymousUser(), "left": UserFactory(is_active=False)}
    people |= {role.value: UserFactory(role=role) for role in (Role.ANALYST, Role.ADMINISTRATOR)}
    for whose, body in (("own", assignment.body), ("other", ForceFactory())):
        people[f"{whose} officer"] = OfficerFactory(body=body)
        people[f"{whose} chief"] = UserFactory(role=Role.CHIEF_OFFICER, body=body)
        people[f"{whose} observer"] = UserFactory(role=Role.OBSERVER, body=body)
    people["observer of none"] = UserFactory(role=Role.OBSERVER)

    def readers() -> set[str]:
        return {name for name, one in people.items() if Evidence.objects.open_to(one).exists()}

    client.force_login(officer)
    fill_in(client, assignment)
    send(client, assignment, ("plan.pdf", PDF))
    assert readers() == {"own officer"}
    sent_from(client, assignment)
    assert readers() == {"own officer", "own chief", "own observer", "analyst", "administrator"}


@pytest.mark.parametrize("holds", ["the query", "the question", "neither"])
@pytest.mark.parametrize("is_sent", [False, True])
def test_each_of_the_two_locks_on_a_file_holds_alone(
    client, assignment, officer, folder, monkeypatch, holds, is_sent
):
    client.force_login(officer)
    fill_in(client, assignment)
    send(client, assignment, ("plan.pdf", PDF))
    if is_sent:
        sent_from(client, assignment)
    if holds != "the query":
        monkeypatch.setattr(EvidenceQuerySet, "open_to", lambda files, reader: files)
    if holds != "the question":
        monkeypatch.setattr(views, "_may_open", lambda request, found: True)
    client.force_login(OfficerFactory())
    answer = client.get(Evidence.objects.get().get_absolute_url())
    assert answer.status_code == (200 if holds == "neither" else 404)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_its_sentence_and_leaves_nothing(
    client, assignment, officer, folder, name
):
    client.force_login(officer)
    begin(client, assignment)
    content, why = HOSTILE[name]
    page = send(client, assignment, (name, content))
    assert why in text_of(page)
    assert "Error: Evidence" in text_of(page)
    assert not Evidence.objects.exists()
    assert files_in(folder) == []


def test_of_several_files_the_good_ones_are_kept(client, assignment, officer, folder):
    client.force_login(officer)
    begin(client, assignment)
    shown = text_of(send(client, assignment, ("plan.pdf", PDF), ("page.html", b"<html>")))
    assert "1 of 2 files are kept." in shown
    assert "is a web page" in shown
    assert [kept.name for kept in Evidence.objects.all()] == ["plan.pdf"]


def test_a_virus_is_refused_and_a_silent_scanner_lets_nothing_in(
    client, assignment, officer, folder, settings
):
    client.force_login(officer)
    begin(client, assignment)
    with scanner() as settings.CLAMD_URL:
        assert "holds a virus" in text_of(send(client, assignment, ("note.txt", EICAR)))
        assert "No virus found" in text_of(send(client, assignment, ("plan.pdf", PDF)))
    assert "could not be scanned" in text_of(send(client, assignment, ("plan2.pdf", PDF + b"\n")))
    assert [kept.scan for kept in Evidence.objects.all()] == [Evidence.Scan.CLEAN]
    assert len(files_in(folder)) == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_chosen_too_many_twice_and_too_much(client, assignment, officer, folder, settings):
    client.force_login(officer)
    begin(client, assignment)
    assert "Choose a file" in text_of(client.post(url_of(assignment)))
    files = [(f"plan {number}.pdf", PDF + b"\n" * number) for number in range(11)]
    shown = text_of(send(client, assignment, *files))
    assert "“plan 10.pdf” was not kept: an update can have up to 10 files" in shown
    assert "the maximum for an update" in shown
    last = Evidence.objects.last()
    shown = text_of(client.post(url_of(assignment), {"remove": last.key}, follow=True))
    assert "“plan 9.pdf” is removed" in shown
    assert "is here already, as “plan 1.pdf”" in text_of(
        send(client, assignment, ("again.pdf", PDF + b"\n"))
    )
    settings.EVIDENCE_QUOTA = 500
    shown = text_of(send(client, assignment, ("more.pdf", PDF + b"\n" * 30)))
    assert "left of the 500 bytes for all its evidence" in shown
    assert len(files_in(folder)) == 9


@pytest.mark.django_db(transaction=True)
def test_the_quota_holds_when_everybody_sends_at_once(folder, settings, tmp_path):
    officer = OfficerFactory()
    drafts = [
        open_draft(assignment=AssignmentFactory(body=officer.body), by=officer, at=ASSIGNED_AT)
        for _ in range(6)
    ]
    settings.EVIDENCE_QUOTA = 3 * len(PDF)
    source = tmp_path / "plan.pdf"
    source.write_bytes(PDF)

    def add(draft: Draft) -> bool:
        try:
            with source.open("rb") as file:
                add_evidence(
                    draft=draft,
                    file=file,
                    name="plan.pdf",
                    size=len(PDF),
                    by=officer,
                    at=ASSIGNED_AT,
                )
        except Refusal:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(add, drafts)) == 3
    assert len(files_in(folder)) == 3


def test_a_deleted_draft_takes_its_files_along(
    assignment, officer, folder, tmp_path, django_capture_on_commit_callbacks
):
    draft = open_draft(assignment=assignment, by=officer, at=ASSIGNED_AT)
    with (tmp_path / "plan.pdf").open("w+b") as file:
        file.write(PDF)
        add_evidence(
            draft=draft, file=file, name="plan.pdf", size=len(PDF), by=officer, at=ASSIGNED_AT
        )
    with django_capture_on_commit_callbacks(execute=True):
        discard_draft(draft=draft, by=officer, at=ASSIGNED_AT)
    assert files_in(folder) == []


def test_housekeeping_forgets_what_no_update_names(assignment, officer, folder, client):
    client.force_login(officer)
    begin(client, assignment)
    send(client, assignment, ("plan.pdf", PDF))
    stray = folder / "ab" / "abcdef00-0000-4000-8000-000000000000"
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"left by a killed process")
    now = timezone.now().timestamp()
    os.utime(stray, (now, now))  # the file system has a clock of its own
    keep_house(at=timezone.now())
    assert stray.exists()  # it may be on its way into a draft
    keep_house(at=timezone.now() + timedelta(days=2))
    assert not stray.exists()
    assert len(files_in(folder)) == 1


def test_a_file_that_is_gone_is_said_to_be(client, assignment, officer, folder):
    client.force_login(officer)
    begin(client, assignment)
    send(client, assignment, ("plan.pdf", PDF))
    files_in(folder)[0].unlink()
    answer = client.get(Evidence.objects.get().get_absolute_url())
    assert answer.status_code == 410
    assert "File not found" in text_of(answer)


def test_evidence_of_a_closed_assignment_is_not_taken(client, assignment, officer, folder):
    client.force_login(officer)
    begin(client, assignment)
    closing = OfficerFactory(body=assignment.body)
    withdraw_assignment(assignment=assignment, reason="Merged.", by=closing, at=timezone.now())
    answer = send(client, assignment, ("plan.pdf", PDF))
    assert answer.status_code == 409
    assert files_in(folder) == []


def test_every_kind_that_is_promised_can_be_kept(client, assignment, officer, folder):
    client.force_login(officer)
    begin(client, assignment)
    names = [name for name in WELCOME if name not in {"README", "PHOTO.JPEG"}]
    for batch in (names[:7], names[7:14], names[14:]):
        page = send(client, assignment, *[(name, WELCOME[name]) for name in batch])
        assert "Error" not in text_of(page)
        assert Evidence.objects.count() == len(batch)
        Evidence.objects.all().delete()
