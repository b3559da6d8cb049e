"""Emails as programs show them that know little of CSS, narrow and wide."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page

from forces.models import Role
from recommendations.emails.alerts.alerts import create_alerts
from recommendations.emails.digests.ledger import preview_decisions
from recommendations.exports.email_chart import trend_image
from recommendations.models import OutboxEmail
from recommendations.rules import london_day
from tests.factories import (
    AssignmentFactory,
    RecommendationFactory,
    UserFactory,
    claim,
    send_back,
)
from tests.world import make_world

# What Outlook's Word does not know: style sheets' media queries, these properties, and padding
# outside a table's cells. Styles that are not inlined are lost elsewhere.
WITHOUT_WORD = """() => {
  document.querySelectorAll("style").forEach((style) => style.remove());
  for (const element of document.querySelectorAll("[style]")) {
    for (const name of ["display", "flex", "grid", "float", "position", "max-width", "min-width",
                        "box-sizing", "border-radius", "height", "background-image"]) {
      element.style.removeProperty(name);
    }
    if (!element.matches("td, th")) element.style.removeProperty("padding");
    if (element.matches("table")) element.style.removeProperty("margin");
  }
}"""
WIDEST = """() => Math.max(...[...document.body.querySelectorAll("*")].map(
  (element) => element.getBoundingClientRect().right))"""
# Returns the cells that overlap a neighbour, and the buttons whose padding is not their cell's.
FAULTS = """() => {
  const faults = [], box = (element) => element.getBoundingClientRect();
  for (const row of document.querySelectorAll("tr")) {
    const next = row.nextElementSibling;
    if (next && box(next).top < box(row).bottom - 1) faults.push("rows: " + row.innerText);
    for (const cell of row.cells) {
      const after = cell.nextElementSibling;
      if (after && box(after).left < box(cell).right - 1) faults.push("cells: " + row.innerText);
      for (const part of cell.children) {
        if (!part.checkVisibility()) continue;
        const {left, right} = box(cell), inner = box(part);
        const isInside = inner.left >= left - 1 && inner.right <= right + 1;
        if (!isInside) faults.push("outside its cell: " + part.innerText);
      }
    }
  }
  const buttons = [...document.querySelectorAll(".button")];
  if (buttons.length !== 1) faults.push("buttons: " + buttons.length);
  for (const button of buttons) {
    const style = getComputedStyle(button);
    if (!button.matches("td[bgcolor]") || parseFloat(style.paddingTop) < 10 ||
        parseFloat(style.paddingLeft) < 10) faults.push("padding: " + button.innerText);
  }
  return faults;
}"""
TITLE = "Consistent mapping of organised crime groups in every force"


@pytest.fixture
def emails(transactional_db) -> dict[str, str]:
    """The HTML of the digests of every kind of reader, with ten recommendations, and an alert.

    Emails about accounts have no HTML.
    """
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
    trend = trend_image(world.inspection, at=world.now)
    chief = UserFactory(role=Role.CHIEF_OFFICER, body=world.forces["Kent"])
    readers = [world.officer, world.analyst, world.administrator, world.observer, chief]
    decisions = preview_decisions(readers, at=world.now, trend=trend)
    picture = f"data:image/png;base64,{b64encode(trend.png).decode()}"
    national = decisions[world.analyst.pk].content.html
    return {
        "officer": decisions[world.officer.pk].content.html,
        "national": national.replace("cid:trend", picture),
        "without pictures": national,
        "administrator": decisions[world.administrator.pk].content.html,
        "observer": decisions[world.observer.pk].content.html,
        "chief officer": decisions[chief.pk].content.html,
        "alert": OutboxEmail.objects.filter(reader=world.officer).get().content.html,
    }


@pytest.fixture(params=["html", "html without what Word ignores"])
def show(request, browser: Browser) -> Iterator[Callable[[str, int], Page]]:
    """Show an email in a window of this width."""
    with browser.new_context() as context:
        page = context.new_page()

        def show(html: str, width: int) -> Page:
            page.set_viewport_size({"width": width, "height": 800})
            page.set_content(html)
            if "without" in request.param:
                page.evaluate(WITHOUT_WORD)
            return page

        yield show


def test_emails_fit_their_window_and_an_officer_sees_first_what_to_do(emails, show):
    for width in (600, 320):
        for name, html in emails.items():
            page = show(html, width)
            assert page.evaluate(WIDEST) <= width, (name, width)
            assert page.evaluate(FAULTS) == [], (name, width)
    page = show(emails["officer"], 600)
    button = page.get_by_role("link", name="See what you need to do").bounding_box()
    assert page.get_by_role("heading", level=1).bounding_box()["y"] <= 120
    first = page.get_by_role("heading", name="Act now").locator("xpath=following::a[1]")
    assert first.bounding_box()["y"] <= 270
    assert button["y"] + button["height"] <= 640  # below five recommendations
