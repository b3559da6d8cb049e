"""Pictures of evidence, for those who may open it."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone

from forces.models import AuditEvent
from recommendations.actions.drafts import open_draft, save_draft
from recommendations.actions.evidence import add_evidence
from recommendations.actions.submit_update import submit_update
from recommendations.evidence import storage
from recommendations.models import Evidence
from tests.factories import OfficerFactory
from tests.recommendations.evidence import files
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim_with_files(assignment, officer):
    now = timezone.now()
    draft = open_draft(assignment=assignment, by=officer, at=now)
    for name, content in (("a.png", files.image()), ("b.txt", b"Twelve <b>arrests</b>.")):
        add_evidence(
            draft=draft, file=io.BytesIO(content), name=name, size=len(content), by=officer, at=now
        )
    draft.refresh_from_db()
    answers = {"status": "implemented", "confidence": "green", "account": "Done."}
    answers["signed_off_by"] = "Superintendent Jo Hale"
    draft = save_draft(draft=draft, version=draft.version, by=officer, at=now, **answers)
    return submit_update(token=draft.token, version=draft.version, by=officer, at=now)


def test_an_analyst_sees_pictures_and_texts_next_to_the_claim(client, claim_with_files, analyst):
    picture, text = Evidence.objects.order_by("name")
    url = reverse("evidence_preview", args=[picture.key])
    client.force_login(analyst)
    page = client.get(reverse("review", args=[claim_with_files.pk]))
    assert url in text_of(page)
    assert b"Twelve &lt;b&gt;arrests&lt;/b&gt;." in page.content
    answer = client.get(url)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.content.startswith(b"\x89PNG")
    seen = AuditEvent.objects.filter(act="evidence previewed", actor=analyst)
    assert set(seen.values_list("subject_id", flat=True)) == {str(picture.pk), str(text.pk)}
    assert client.get(reverse("evidence_preview", args=[text.key])).status_code == 404


def test_a_form_with_an_error_shows_the_text_and_records_it_too(client, claim_with_files, analyst):
    client.force_login(analyst)
    page = client.post(reverse("review", args=[claim_with_files.pk]), {})
    assert b"Twelve &lt;b&gt;arrests&lt;/b&gt;." in page.content
    seen = AuditEvent.objects.get(act="evidence previewed", actor=analyst)
    assert seen.subject_id == str(Evidence.objects.get(name="b.txt").pk)


def test_a_picture_that_cannot_be_rendered_is_not_a_denied_request(
    client, claim_with_files, analyst
):
    picture = Evidence.objects.get(name="a.png")
    storage.delete_file(picture.key)
    client.force_login(analyst)
    assert client.get(reverse("evidence_preview", args=[picture.key])).status_code == 415
    assert not AuditEvent.objects.filter(actor=analyst, act="not shown").exists()


def test_another_forces_officer_does_not_find_the_picture(client, claim_with_files):
    picture = Evidence.objects.get(name="a.png")
    client.force_login(OfficerFactory())
    assert client.get(reverse("evidence_preview", args=[picture.key])).status_code == 404
