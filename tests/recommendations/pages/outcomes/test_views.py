"""Published figures on outcomes: where they are shown, and as they were known on a day."""

from datetime import timedelta

import lxml.html
import pytest

from recommendations import rules
from recommendations.dashboards.outcomes.outcomes import outcomes_page
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db


def test_the_page_shows_marks_breaks_and_what_nobody_collects(analyst_client, world):
    response = analyst_client.get("/outcomes/")
    text = text_of(response)
    assert "5 published figures on 3 indicators. Nobody collects time until a line reopens" in text
    assert "Between 800 and 1,100 lines" in text
    charts = {card.key: card.chart for card in outcomes_page(world.inspection, past=None).cards}
    assert charts["time-until-a-line-reopens"] is None
    closed, active = charts["lines-closed"], charts["active-lines"]
    assert [mark.kind for mark in closed.marks] == ["least", "exact"]
    assert (len(closed.lines), closed.breaks) == (1, [])
    assert [mark.kind for mark in active.marks] == ["range", "exact"]
    assert (active.lines, len(active.breaks)) == ([], 1)
    drawings = lxml.html.fromstring(response.content).xpath("//main//svg")
    assert len(drawings) == 2


def test_a_recommendation_shows_the_figures_of_its_theme_beside_its_progress(analyst_client):
    text = text_of(analyst_client.get("/recommendations/2/"))
    assert "<strong>5,627 lines</strong>, County Lines Programme" in text
    assert "Active lines" not in text


def test_a_past_day_shows_the_figures_known_then(analyst_client, world):
    before = rules.london_day(world.now) - timedelta(days=131)
    assert "No figures have been entered" in text_of(
        analyst_client.get(f"/outcomes/?as_at={before}")
    )
    lines = analyst_client.get(f"/downloads/outcomes/figures.csv?as_at={before}").content
    assert len(lines.decode().splitlines()) == 1


def test_figures_and_charts_can_be_downloaded(analyst_client):
    rows = analyst_client.get("/downloads/outcomes/figures.csv").content.decode()
    assert '"between 800 and 1,100 lines",800,1100,Between' in rows
    drawing = analyst_client.get("/downloads/outcomes/chart-active-lines.svg").content.decode()
    assert "between 800 and 1,100 lines" in drawing
