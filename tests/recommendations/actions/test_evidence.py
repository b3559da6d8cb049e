"""Evidence of a draft: the quota of an organisation, and deleting it with the draft."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from forces.refusal import Refusal
from recommendations.actions.drafts import discard_draft, open_draft
from recommendations.actions.evidence import add_evidence
from recommendations.models import Draft
from tests.factories import ASSIGNED_AT, AssignmentFactory, OfficerFactory
from tests.recommendations.evidence.files import PDF, files_in

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_the_quota_holds_for_simultaneous_uploads(evidence_folder, settings, tmp_path):
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
    assert len(files_in(evidence_folder)) == 3


def test_the_files_of_a_deleted_draft_go_to_the_bin(
    evidence_folder, tmp_path, django_capture_on_commit_callbacks
):
    assignment = AssignmentFactory()
    officer = OfficerFactory(body=assignment.body)
    draft = open_draft(assignment=assignment, by=officer, at=ASSIGNED_AT)
    with (tmp_path / "plan.pdf").open("w+b") as file:
        file.write(PDF)
        add_evidence(
            draft=draft, file=file, name="plan.pdf", size=len(PDF), by=officer, at=ASSIGNED_AT
        )
    with django_capture_on_commit_callbacks(execute=True):
        discard_draft(draft=draft, by=officer, at=ASSIGNED_AT)
    assert files_in(evidence_folder) == []
    assert len(list(evidence_folder.glob("bin/2026-01-10/*"))) == 1
