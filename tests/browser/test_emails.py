"""Emails as programs show them that know little of CSS, narrow and wide."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from recommendations.emails.alerts.alerts import create_alerts
from recommendations.emails.digests.ledger import preview_decisions
from recommendations.models import OutboxEmail
from recommendations.rules import london_day
from tests.factories import AssignmentFactory, RecommendationFactory, claim, send_back
from tests.world import make_world

# What Outlook's Word does not know: style sheets' media queries, these properties, and padding
# outside a table's cells. Styles that are not inlined are lost elsewhere.
WITHOUT_WORD = """() => {
  document.querySelectorAll("style").forEach((style) => style.remove());
  for (const element of document.querySelectorAll("[style]")) {
    for (const name of ["display", "flex", "grid", "float", "position", "max-width", "min-width",
                        "box-sizing", "border-radius", "height"]) {
      element.style.removeProperty(name);
    }
    if (!element.matches("td, th")) element.style.removeProperty("padding");
  }
}"""
WIDEST = """() => Math.max(...[...document.body.querySelectorAll("*")].map(
  (element) => element.getBoundingClientRect().right))"""
TITLE = "Consistent mapping of organised crime groups in every force"


@pytest.fixture
def emails(live_server) -> dict[str, str]:
    """The HTML of an officer's digest of ten recommendations, a national one and an alert."""
    world = make_world()
    today = london_day(world.now)
    for number in range(4, 11):
        recommendation = RecommendationFactory(
            inspection=world.inspection,
            number=number,
            title=TITLE,
            due_on=today + timedelta(days=12 * (number - 6)),
        )
        for body in world.forces.values():
            AssignmentFactory(recommendation=recommendation, body=body)
    update = claim(world.assignment("Kent", 3), at=world.now, by=world.officer)
    send_back(update, at=world.now, by=world.analyst)
    create_alerts(at=world.now)
    decisions = preview_decisions([world.officer, world.analyst], at=world.now)
    return {
        "officer": decisions[world.officer.pk].content.html,
        "analyst": decisions[world.analyst.pk].content.html,
        "alert": OutboxEmail.objects.filter(reader=world.officer).get().content.html,
    }


@pytest.mark.parametrize("knows_css", [True, False])
def test_no_email_is_wider_than_its_window(emails, browser: Browser, knows_css):
    for width in (600, 320):
        with browser.new_page(viewport={"width": width, "height": 800}) as page:
            for name, html in emails.items():
                page.set_content(html)
                if not knows_css:
                    page.evaluate(WITHOUT_WORD)
                assert page.evaluate(WIDEST) <= width, (name, width)


@pytest.mark.parametrize("knows_css", [True, False])
def test_an_officer_sees_what_to_do_first(emails, browser: Browser, knows_css):
    with browser.new_page(viewport={"width": 600, "height": 800}) as page:
        page.set_content(emails["officer"])
        if not knows_css:
            page.evaluate(WITHOUT_WORD)
        first = page.get_by_role("link", name=TITLE).first.bounding_box()
        button = page.get_by_role("link", name="See what you need to do").bounding_box()
        assert page.get_by_role("heading", level=1).bounding_box()["y"] <= 120
        assert first["y"] <= 270
        assert button["y"] + button["height"] <= 600
