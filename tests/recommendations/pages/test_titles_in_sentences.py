"""A title can be a question, so no page, file or email makes it a part of a sentence."""

import re

import pytest

from forces.models import AuditEvent
from recommendations.emails.alerts.alerts import create_alerts
from recommendations.emails.digests.ledger import create_digests
from recommendations.emails.digests.week import Week
from recommendations.models import EmailContent, Recommendation
from recommendations.rules import london_day
from tests.factories import claim, send_back
from tests.recommendations.pages.pages import text_of
from tests.world import World

QUESTION = "Are laws strong enough?"
IN_A_SENTENCE = re.compile(
    rf"{re.escape(QUESTION)}(?:[.;]|,? (?:which|and|is|are|was|were|has|have|will|by|asks)\b)"
    rf"|\b(?:that|claims?|claimed|says?|said|of|has|implemented) {re.escape(QUESTION)}"
)
CLAIM = "says it has completed what recommendation 3 asks of it"
ADDRESSES = [
    *("/", "/heatmap/", "/trends/", "/changes/", "/recommendations/", "/recommendations/3/"),
    *("/recommendations/3/latest-updates/", "/recommendations/3/text/", "/responses/", "/forces/"),
    *("/forces/kent/", "/forces/kent/3/", "/forces/kent/3/questions/", "/forces/kent/3/steps/"),
    *("/forces/kent/3/due-date/", "/forces/kent/3/withdraw/", "/reviews/", "/search/?q=laws"),
    "/audit/",
    *("/downloads/heatmap/positions.csv", "/downloads/recommendations/texts.csv"),
    *("/downloads/changes/changes.csv", "/downloads/trends/forecasts.csv"),
]


@pytest.fixture
def question_titles(world: World) -> World:
    Recommendation.objects.update(title=QUESTION)
    send_back(claim(world.assignment("Norfolk", 3), at=world.now), at=world.now, by=world.analyst)
    claim(world.assignment("Kent", 3), at=world.now, by=world.officer)
    return world


@pytest.mark.parametrize("role", ["analyst", "officer"])
def test_no_page_or_file_has_a_title_in_a_sentence(client, question_titles, role):
    client.force_login(getattr(question_titles, role))
    waiting = question_titles.assignment("Kent", 3).latest_update
    texts = {a: client.get(a, follow=True) for a in [*ADDRESSES, f"/reviews/{waiting.pk}/"]}
    shown = {a: text_of(r) for a, r in texts.items() if r.status_code == 200}
    assert len(shown) > len(ADDRESSES) / 2
    assert sum(QUESTION in text for text in shown.values()) > len(shown) / 2
    assert {a: found[0] for a, t in shown.items() if (found := IN_A_SENTENCE.search(t))} == {}
    if role == "analyst":
        assert f"Kent Police {CLAIM}" in shown[f"/reviews/{waiting.pk}/"]


def test_no_email_or_audit_event_has_a_title_in_a_sentence(question_titles):
    create_digests(week=Week.of(london_day(question_titles.now)), at=question_titles.now)
    create_alerts(at=question_titles.now)
    texts = [content.text for content in EmailContent.objects.all()]
    assert sum(QUESTION in text for text in texts) > 1
    texts += [str(event.details) for event in AuditEvent.objects.all()]
    assert [found[0] for text in texts if (found := IN_A_SENTENCE.search(text))] == []
