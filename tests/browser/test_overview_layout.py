"""The overview, the lists and the trends fit their screens, with every figure in sight."""

import pytest

from tests.browser.conftest import OpenTab, Tab
from tests.world import World

SCREEN = (1366, 768)
BOTTOM = "element => element.getBoundingClientRect().bottom + scrollY"
NARROW_PX = (375, 320)


@pytest.fixture
def tab(world: World, open_tab: OpenTab) -> Tab:
    tab = open_tab(world.analyst)
    tab.resize(*SCREEN)
    return tab


def bottom_of(tab: Tab, selector: str) -> float:
    return tab.page.locator(selector).evaluate(BOTTOM)


def document_height(tab: Tab) -> int:
    return tab.page.evaluate("document.documentElement.scrollHeight")


def test_the_overview_answers_three_questions_on_the_first_screen(tab: Tab):
    tab.open("/")
    for section in ("needs", "tile-map", "week"):
        bottom = bottom_of(tab, f"section[aria-labelledby='{section}-heading']")
        assert bottom <= SCREEN[1], section
    assert document_height(tab) <= 1450
    assert tab.accessibility_faults() == ""
    for width in NARROW_PX:
        assert tab.overflow_px(width) == 0


def test_a_quiet_poll_keeps_the_page_and_a_change_replaces_the_time(tab: Tab):
    tab.open("/")
    assert tab.page.locator("#position [data-live]").count() == 1
    assert tab.page.locator("#results [data-live]").count() == 0
    assert tab.page.get_by_role("link", name="Stop live updates").is_visible()


def test_another_day_can_be_chosen_without_a_script(world: World, open_tab: OpenTab):
    tab = open_tab(world.analyst, javascript=False)
    tab.open("/")
    tab.page.locator("summary", has_text="See another day").click()
    day = world.inspection.published_on.isoformat()
    tab.fill_in("Figures for", day)
    tab.page.locator(".app-another-day button").click()
    assert f"as_at={day}" in tab.page.url
    assert "Position at the end of" in tab.page.locator("#position").inner_text()


@pytest.mark.parametrize("path", ["/recommendations/2/", "/recommendations/", "/forces/"])
def test_rows_of_a_table_are_one_line_high(tab: Tab, path: str):
    tab.open(path)
    heights = tab.page.locator("main .app-dense tbody tr:has(th a)").evaluate_all(
        "rows => rows.map((row) => row.offsetHeight)"
    )
    assert heights
    assert max(heights) <= 32
    assert tab.page.locator(".app-page-downloads").count() == 1


def test_three_charts_stand_in_a_row_and_show_their_values(tab: Tab):
    tab.open("/trends/")
    charts = tab.page.locator(".app-multiples").first.locator("li")
    tops = charts.evaluate_all("items => items.map((item) => item.offsetTop)")
    assert tops == [tops[0]] * 3
    hover = tab.page.locator(".app-chart__hover title").first.text_content()
    assert "done" in hover
    assert "due" in hover
