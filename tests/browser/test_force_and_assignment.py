"""What stands where on the page of a force and on that of an assignment, in pixels."""

from datetime import timedelta

import pytest

from tests.browser.conftest import OpenTab, Tab
from tests.factories import AssignmentFactory, RecommendationFactory, claim, send_back, submit
from tests.row_cache import create_once
from tests.world import World, make_world

WIDTH_PX, HEIGHT_PX = 1366, 768
UPDATES = 13
# The bottoms of elements in the page, then its height
BOTTOMS = """(selectors) => [
    ...selectors.map((selector) => {
        const found = [...document.querySelectorAll(selector)].at(-1);
        return found ? found.getBoundingClientRect().bottom + scrollY : Infinity;
    }),
    document.documentElement.scrollHeight,
]"""


def create_ten_recommendations() -> World:
    """The world with ten recommendations of Kent: 4 is overdue, and its claim was returned."""
    world = make_world()
    force = world.forces["Kent"]
    for number in range(4, 11):
        new = AssignmentFactory(
            body=force,
            recommendation=RecommendationFactory(
                inspection=world.inspection, number=number, lead_body=world.lead
            ),
            assigned_at=world.now - timedelta(days=200),
        )
        if number > 5:  # their rows have two buttons
            submit(
                new,
                at=world.now - timedelta(days=9),
                by=world.officer,
                confidence="amber",
                forecast_on=(world.now + timedelta(days=60)).date(),
            )
    assignment = world.assignment("Kent", 4)
    for number in range(UPDATES - 1, 0, -1):
        submit(assignment, at=world.now - timedelta(days=14 * number + 9), by=world.officer)
    last = claim(assignment, at=world.now - timedelta(days=8), by=world.officer)
    send_back(last, at=world.now - timedelta(days=1), by=world.analyst)
    return world


@pytest.fixture
def world(transactional_db: None) -> World:
    return create_once(create_ten_recommendations)


def bottoms(tab: Tab, *selectors: str) -> list[float]:
    return tab.page.evaluate(BOTTOMS, list(selectors))


def sized(tab: Tab, width: int) -> Tab:
    tab.resize(width, HEIGHT_PX)
    return tab


def test_the_ten_rows_of_a_force_are_on_the_first_screen(world: World, open_tab: OpenTab):
    tab = sized(open_tab(world.officer), WIDTH_PX)
    tab.open("/forces/kent/")
    rows = tab.page.locator(".app-rows tbody tr:not(.app-dense__group)")
    assert rows.count() == 10
    table, height = bottoms(tab, ".app-rows")
    assert table <= HEIGHT_PX
    assert height <= 1152
    assert tab.page.locator(".app-rows").get_by_role("button", name="No change").count() == 5
    is_green = "element => element.closest('tbody').textContent.includes('Act now')"
    green = tab.page.locator(".app-rows .govuk-button:not(.govuk-button--plain)").all()
    assert green
    assert all(button.evaluate(is_green) for button in green)

    sized(tab, 375)
    assert bottoms(tab)[-1] <= 2500
    world.officer.email = "alexandra.featherstonehaugh@nottinghamshire.example.org"
    world.officer.save()
    tab.page.reload()
    assert tab.overflow_px(320) == 0
    sized(tab, 375)
    for button in tab.page.locator(".app-rows .govuk-button").all():
        assert button.bounding_box()["height"] >= 44


def test_the_next_action_and_the_latest_update_are_on_the_first_screen(
    world: World, open_tab: OpenTab
):
    tab = sized(open_tab(world.officer), WIDTH_PX)
    tab.open("/forces/kent/4/")
    action, latest, height = bottoms(tab, ".app-story__facts .govuk-button", "#latest-heading")
    assert action <= 420
    assert latest <= 520
    assert height <= 1600
    entries = tab.page.locator("details.app-entry")
    assert entries.count() == UPDATES - 1
    assert tab.page.locator("details.app-entry[open]").count() == 0
    tab.page.locator("details.app-entry summary").first.focus()
    tab.page.keyboard.press("Enter")
    assert tab.page.locator("details.app-entry[open]").count() == 1
    assert tab.page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_link_opens_the_entry_of_an_update_without_a_script(world: World, open_tab: OpenTab):
    tab = open_tab(world.officer, javascript=False)
    tab.open("/forces/kent/4/")
    tab.page.locator(".app-life a[href='#update-4']").dispatch_event("click")
    tab.page.wait_for_url("**#update-4")
    opened = tab.page.locator("details.app-entry[open]")
    assert opened.count() == 1
    assert "Update 4" in opened.inner_text()
    tab.open("/forces/kent/4/?full=1")
    assert tab.page.locator("details.app-entry:not([open])").count() == 0


def test_a_print_of_an_assignment_shows_every_answer(world: World, open_tab: OpenTab):
    tab = open_tab(world.officer)
    tab.open("/forces/kent/4/")
    tab.page.emulate_media(media="print")
    answers = tab.page.locator(".app-entry__body .app-answers").all()
    assert len(answers) == UPDATES - 1
    assert all(answer.bounding_box()["height"] > 0 for answer in answers)
    assert not tab.page.locator(".app-story__facts .govuk-button").is_visible()
