"""The briefing pack is an accessible PDF."""

import re
from datetime import timedelta

import pytest

from recommendations import rules
from tests.recommendations.exports.downloads import finished_download

pytestmark = pytest.mark.django_db


def test_the_briefing_is_a_tagged_pdf(world):
    since = (rules.london_day(world.now) - timedelta(days=100)).isoformat()
    content = bytes(finished_download(world, "briefing", "pdf", since=since).content)
    assert content.startswith(b"%PDF-")
    assert b"/MarkInfo" in content or b"/StructTreeRoot" in content
    assert b"pdfuaid" in content or re.search(rb"/Lang ?\(en", content)


def test_a_character_missing_from_the_font_does_not_prevent_the_briefing(world, caplog):
    recommendation = world.recommendations[0]
    recommendation.summary = "A smile 😀 and 漢字, #strong[no markup] $x$ \\u{41}."
    recommendation.save()
    since = rules.london_day(world.now).isoformat()
    assert finished_download(world, "briefing", "pdf", since=since).size > 10_000
    assert "is not PDF/UA-1" in caplog.text
