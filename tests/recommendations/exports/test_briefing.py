"""The briefing pack is an accessible PDF."""

import re
from datetime import timedelta

import pypdfium2
import pytest
from django.urls import reverse

from forces.models import AuditEvent
from recommendations import rules
from tests.recommendations.exports.downloads import finished_download

pytestmark = pytest.mark.django_db


def test_the_briefing_is_a_tagged_pdf(world):
    since = (rules.london_day(world.now) - timedelta(days=100)).isoformat()
    content = bytes(finished_download(world, "briefing", "pdf", since=since).content)
    assert content.startswith(b"%PDF-")
    assert b"/MarkInfo" in content or b"/StructTreeRoot" in content
    assert b"pdfuaid" in content or re.search(rb"/Lang ?\(en", content)


def test_the_briefing_on_one_page_has_one_page_and_is_audited(analyst_client):
    response = analyst_client.get(reverse("briefing_page"))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].endswith('-demonstration.pdf"')
    document = pypdfium2.PdfDocument(response.content)
    assert len(document) == 1
    text = document[0].get_textpage().get_text_bounded()
    for heading in ("Figures of the forces", "What changed", "What is asked"):
        assert heading in text
    event = AuditEvent.objects.latest("position")
    assert (event.act, event.details["name"]) == ("file downloaded", "briefing")


def test_officers_have_no_national_briefing(client, world):
    client.force_login(world.officer)
    assert client.get(reverse("briefing_page")).status_code == 404


def test_a_character_missing_from_the_font_does_not_prevent_the_briefing(world, caplog):
    recommendation = world.recommendations[0]
    recommendation.text = "A smile 😀 and 漢字, #strong[no markup] $x$ \\u{41}."
    recommendation.save()
    since = rules.london_day(world.now).isoformat()
    assert finished_download(world, "briefing", "pdf", since=since).size > 10_000
    assert "is not PDF/UA-1" in caplog.text
