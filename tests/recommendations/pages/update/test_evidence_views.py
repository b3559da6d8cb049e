"""Evidence: uploading, downloading, who may open it, and what happens to removed files."""

import hashlib
import os
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from forces.models import AuditEvent, Role
from recommendations.actions.withdraw_assignment import withdraw_assignment
from recommendations.evidence.file_names import extension_of
from recommendations.jobs import housekeeping
from recommendations.models import Evidence, Update
from recommendations.models.evidence import EvidenceQuerySet
from recommendations.pages.update import evidence_views as views
from tests.factories import (
    ForceFactory,
    OfficerFactory,
    UserFactory,
)
from tests.recommendations.evidence.files import (
    EICAR,
    EXE,
    HOSTILE,
    PDF,
    WELCOME,
    email_file,
    files_in,
)
from tests.recommendations.evidence.hostile_pdf import ACTIVE
from tests.recommendations.evidence.scanner import scanner
from tests.recommendations.pages.pages import begin, fill_in, hidden, place, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer_client(client, assignment, officer):
    """A client that is signed in as the officer, who has started an update."""
    client.force_login(officer)
    begin(client, assignment)
    return client


def url_of(assignment) -> str:
    return reverse("update_evidence", args=place(assignment))


def upload(client, assignment, *files: tuple[str, bytes]):
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    typed = {"files": uploads, "action": "upload"}
    return client.post(url_of(assignment), typed, follow=True)


def test_officers_read_which_attachments_of_a_message_are_replaced(officer_client, assignment):
    message = email_file({"plan.pdf": PDF, "setup.exe": EXE})
    text = text_of(upload(officer_client, assignment, ("mail.eml", message)))
    assert "People who download this message get a note in place of this attachment:" in text
    assert "“setup.exe” is a program or a script." in text
    assert "“plan.pdf”" not in text
    assert len(Evidence.objects.get().replaced_attachments) == 1


def test_files_are_submitted_with_the_update_and_can_be_downloaded(
    client, assignment, officer, analyst, evidence_folder
):
    client.force_login(officer)
    page = fill_in(client, assignment)
    shown = text_of(upload(client, assignment, ("plan.pdf", PDF), ("plan.pdf", PDF + b"\n")))
    assert "plan.pdf" in shown
    assert "plan (2).pdf" in shown
    assert "Not scanned for viruses" in shown
    page = client.get(reverse("update_check", args=place(assignment)))
    client.post(reverse("update_check", args=place(assignment)), hidden(page))
    page = client.get(assignment.get_absolute_url())
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
    assert all(path.stat().st_mode & 0o077 == 0 for path in files_in(evidence_folder))
    assert not any(
        "plan" in str(path.relative_to(evidence_folder)) for path in files_in(evidence_folder)
    )


def test_files_of_a_draft_are_for_officers_of_the_force_only(
    client, assignment, officer, analyst, evidence_folder
):
    client.force_login(officer)
    begin(client, assignment)
    upload(client, assignment, ("plan.pdf", PDF))
    evidence = Evidence.objects.get()
    strangers = [analyst, OfficerFactory(), UserFactory(role=Role.OBSERVER, body=assignment.body)]
    for person in strangers:
        client.force_login(person)
        assert client.get(evidence.get_absolute_url()).status_code == 404
        assert client.post(url_of(assignment), {"remove": evidence.key}).status_code == 404
    client.logout()
    assert client.get(evidence.get_absolute_url()).status_code == 302
    assert Evidence.objects.exists()


def submit_draft(client, assignment) -> None:
    page = client.get(reverse("update_check", args=place(assignment)))
    client.post(reverse("update_check", args=place(assignment)), hidden(page))


def test_the_query_returns_what_each_role_may_open(client, assignment, officer, evidence_folder):
    people = {"nobody": AnonymousUser(), "left": UserFactory(is_active=False)}
    people |= {role.value: UserFactory(role=role) for role in (Role.ANALYST, Role.ADMINISTRATOR)}
    for whose, body in (("own", assignment.body), ("other", ForceFactory())):
        people[f"{whose} officer"] = OfficerFactory(body=body)
        people[f"{whose} chief"] = UserFactory(role=Role.CHIEF_OFFICER, body=body)
        people[f"{whose} observer"] = UserFactory(role=Role.OBSERVER, body=body)
    people["observer of none"] = UserFactory(role=Role.OBSERVER)

    def can_open(person) -> bool:
        return Evidence.objects.visible_to(person).exists()

    def readers() -> set[str]:
        return {name for name, person in people.items() if can_open(person)}

    client.force_login(officer)
    fill_in(client, assignment)
    upload(client, assignment, ("plan.pdf", PDF))
    assert readers() == {"own officer"}
    submit_draft(client, assignment)
    assert readers() == {"own officer", "own chief", "own observer", "analyst", "administrator"}


@pytest.mark.parametrize("is_submitted", [False, True])
def test_each_of_the_two_permission_checks_is_enough(
    client, assignment, officer, evidence_folder, monkeypatch, is_submitted
):
    client.force_login(officer)
    fill_in(client, assignment)
    upload(client, assignment, ("plan.pdf", PDF))
    if is_submitted:
        submit_draft(client, assignment)
    client.force_login(OfficerFactory())

    def status_with(check: str) -> int:
        with monkeypatch.context() as patch:
            if check != "query":
                patch.setattr(EvidenceQuerySet, "visible_to", lambda files, reader: files)
            if check != "view":
                patch.setattr(views, "_may_open", lambda request, file: True)
            return client.get(Evidence.objects.get().get_absolute_url()).status_code

    statuses = {check: status_with(check) for check in ("query", "view", "neither")}
    assert statuses == {"query": 404, "view": 404, "neither": 200}


# The others are in evidence/test_file_checks.py.
@pytest.mark.parametrize("name", ["page.txt", "damaged.png", "macros.docx", "deep.eml"])
def test_a_hostile_file_gets_an_error_and_is_not_stored(
    officer_client, assignment, evidence_folder, name
):
    content, why = HOSTILE[name]
    page = upload(officer_client, assignment, (name, content))
    assert why in text_of(page)
    assert "Error: Evidence" in text_of(page)
    assert not Evidence.objects.exists()
    assert files_in(evidence_folder) == []


def test_of_several_files_the_acceptable_ones_are_stored(
    officer_client, assignment, evidence_folder
):
    shown = text_of(upload(officer_client, assignment, ("plan.pdf", PDF), ("page.html", b"<html>")))
    assert "1 of 2 files uploaded." in shown
    assert "is a web page" in shown
    assert [file.name for file in Evidence.objects.all()] == ["plan.pdf"]


@pytest.mark.parametrize("button", [{}, {"action": "leave"}, {"remove": "file"}])
def test_every_button_uploads_what_was_selected(
    officer_client, assignment, evidence_folder, button
):
    upload(officer_client, assignment, ("first.pdf", PDF))
    if "remove" in button:
        button = {"remove": Evidence.objects.get().key}
    files = {"files": [SimpleUploadedFile("second.pdf", PDF + b"\n")]}
    page = officer_client.post(url_of(assignment), files | button)
    assert page.status_code == 302
    names = [file.name for file in Evidence.objects.all()]
    assert names == (["second.pdf"] if "remove" in button else ["first.pdf", "second.pdf"])


def test_continue_stays_where_a_file_was_not_accepted(officer_client, assignment, evidence_folder):
    bad = [SimpleUploadedFile(f"{n}.html", b"<html>") for n in "ab"]
    page = text_of(officer_client.post(url_of(assignment), {"files": [*bad]}))
    assert page.count("is a web page") == 4  # each in the summary, and on a line of its own
    assert 'id="id_files-error-2"' in page


def test_files_selected_after_the_draft_was_submitted_are_named(client, assignment, officer):
    client.force_login(officer)
    files = {"files": [SimpleUploadedFile("plan.pdf", PDF)]}
    page = client.post(url_of(assignment), files, follow=True)
    assert "“plan.pdf” was not uploaded. Select the files again." in text_of(page)


def test_files_selected_before_the_session_ended_are_mentioned(client, assignment):
    files = {"files": [SimpleUploadedFile("plan.pdf", PDF)]}
    page = client.post(url_of(assignment), files, follow=True)
    assert "any files that you selected were not uploaded" in text_of(page)


def test_a_virus_is_rejected_and_without_a_scanner_nothing_is_stored(
    officer_client, assignment, evidence_folder, settings
):
    with scanner() as settings.CLAMD_URL:
        assert "contains a virus" in text_of(
            upload(officer_client, assignment, ("note.txt", EICAR))
        )
        for number, content in enumerate([PDF, ACTIVE["program"][0]]):
            shown = text_of(upload(officer_client, assignment, (f"plan{number}.pdf", content)))
            assert shown.count("No virus found") == number + 1
    assert "could not be scanned" in text_of(
        upload(officer_client, assignment, ("plan2.pdf", PDF + b"\n"))
    )
    assert [file.scan for file in Evidence.objects.all()] == [Evidence.Scan.CLEAN] * 2
    assert len(files_in(evidence_folder)) == 2


@pytest.mark.django_db(transaction=True)
def test_limits_of_number_and_size_are_explained(
    officer_client, assignment, evidence_folder, settings
):
    assert "Select a file" in text_of(officer_client.post(url_of(assignment), {"action": "upload"}))
    files = [(f"plan {number}.pdf", PDF + b"\n" * number) for number in range(11)]
    shown = text_of(upload(officer_client, assignment, *files))
    assert "“plan 10.pdf” was not uploaded: an update can have up to 10 files" in shown
    assert "the maximum for an update" in shown
    last = Evidence.objects.last()
    shown = text_of(officer_client.post(url_of(assignment), {"remove": last.key}, follow=True))
    assert "“plan 9.pdf” removed." in shown
    assert "has already been uploaded as “plan 1.pdf”" in text_of(
        upload(officer_client, assignment, ("again.pdf", PDF + b"\n"))
    )
    settings.EVIDENCE_QUOTA = 500
    shown = text_of(upload(officer_client, assignment, ("more.pdf", PDF + b"\n" * 30)))
    assert "left of the 500 bytes for all its evidence" in shown
    assert len(files_in(evidence_folder)) == 9


def test_housekeeping_deletes_stray_files_after_a_day(assignment, evidence_folder, officer_client):
    upload(officer_client, assignment, ("plan.pdf", PDF))
    stray = evidence_folder / "ab" / "abcdef00-0000-4000-8000-000000000000"
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"left by a killed process")
    now = timezone.now().timestamp()
    os.utime(stray, (now, now))  # the file system uses another clock
    housekeeping(at=timezone.now())
    assert stray.exists()  # it may be part of an upload in progress
    housekeeping(at=timezone.now() + timedelta(days=2))
    assert not stray.exists()
    assert len(files_in(evidence_folder)) == 1


def test_a_message_is_downloaded_without_the_program_attached_to_it(
    officer_client, assignment, evidence_folder
):
    content = email_file({"plan.exe": EXE})
    upload(officer_client, assignment, ("mail.eml", content))
    stored = Evidence.objects.get()
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    response = officer_client.get(reverse("evidence", args=[stored.key]))
    copy = b"".join(response.streaming_content)
    assert b"plan.exe.txt" in copy
    assert response["Content-Type"] == "message/rfc822"


def test_a_missing_file_is_explained(officer_client, assignment, evidence_folder):
    upload(officer_client, assignment, ("plan.pdf", PDF))
    files_in(evidence_folder)[0].unlink()
    answer = officer_client.get(Evidence.objects.get().get_absolute_url())
    assert answer.status_code == 410
    assert "File not found" in text_of(answer)


def test_a_closed_assignment_accepts_no_evidence(officer_client, assignment, evidence_folder):
    withdraw_assignment(
        assignment=assignment,
        kind="no_further_action",
        reason="Merged.",
        by=UserFactory(),
        at=timezone.now(),
    )
    answer = upload(officer_client, assignment, ("plan.pdf", PDF))
    assert answer.status_code == 409
    assert files_in(evidence_folder) == []


def test_every_promised_file_type_is_accepted(officer_client, assignment, evidence_folder):
    names = list({extension_of(name): name for name in WELCOME if "." in name}.values())
    for batch in (names[:8], names[8:]):
        page = upload(officer_client, assignment, *[(name, WELCOME[name]) for name in batch])
        assert "Error" not in text_of(page)
        assert Evidence.objects.count() == len(batch)
        Evidence.objects.all().delete()
