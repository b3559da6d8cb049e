"""The heatmap's measures at each width, its panel, its keyboard grid and its print."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from recommendations import rules
from tests.browser.conftest import OpenTab, Tab
from tests.factories import ForceFactory, RecommendationFactory, accept
from tests.world import World

A4_PX = (718, 1047)  # within margins of 10 mm
# The positions are of the viewport, before anything scrolls.
MEASURES = """() => {
    const all = (css) => [...document.querySelectorAll(css)];
    const box = (css) => document.querySelector(css).getBoundingClientRect();
    const rows = all("tbody .app-heatmap__row").map((row) => row.getBoundingClientRect());
    const cells = all("td.app-cell");
    return {
        table: box(".app-heatmap").top,
        cell: box(".app-cell").top,
        width: box(".app-heatmap").width,
        smallest: Math.min(...cells.flatMap((cell) => [cell.offsetWidth, cell.offsetHeight])),
        rows: rows.filter((row) => row.bottom <= innerHeight).length,
        pitch: rows[1].top - rows[0].top,
        first: rows[0].top,
        key: box(".app-legend").height,
        toolbar: box(".app-toolbar").height,
        page: document.documentElement.scrollHeight,
        overflow: document.documentElement.scrollWidth - innerWidth,
        scrolls: getComputedStyle(document.querySelector(".app-heatmap-fit")).overflowX,
    };
}"""


@pytest.fixture
def tab(world: World, open_tab: OpenTab) -> Tab:
    """The heatmap of 43 forces and ten recommendations, most of which are not assigned."""
    for number in range(4, 11):
        RecommendationFactory(inspection=world.inspection, number=number, lead_body=world.lead)
    for number in range(39):
        ForceFactory(tile_column=number, tile_row=1)
    tab = open_tab(world.analyst)
    tab.resize(1366, 768)
    tab.open("/heatmap/")
    return tab


def measures_at(tab: Tab, width: int, height: int) -> dict:
    tab.resize(width, height)
    return tab.page.evaluate(MEASURES)


def test_rows_cells_and_head_have_their_sizes_at_every_width(tab):
    desk = measures_at(tab, 1366, 768)
    assert desk["table"] <= 330
    assert desk["cell"] <= 340
    assert desk["rows"] >= 16
    assert desk["pitch"] <= 26
    assert desk["key"] <= 24
    assert desk["toolbar"] <= 36
    assert desk["smallest"] >= 24
    assert desk["page"] <= 1700
    assert measures_at(tab, 1920, 1080)["rows"] >= 28
    phone = measures_at(tab, 375, 800)
    assert phone["width"] <= 359
    assert phone["smallest"] >= 24
    assert phone["first"] <= 500
    assert phone["page"] <= 3000
    assert (phone["scrolls"], phone["overflow"]) == ("visible", 0)
    smallest = measures_at(tab, 320, 700)
    assert smallest["smallest"] >= 24
    assert (smallest["scrolls"], smallest["overflow"]) == ("auto", 0)


def test_the_head_stays_while_the_page_scrolls(tab):
    tab.page.mouse.wheel(0, 600)
    tab.page.wait_for_function("scrollY > 500")
    assert tab.page.evaluate("document.querySelector('thead').getBoundingClientRect().top") == 0


def test_tags_and_a_comparison_leave_room_for_the_rows(tab, world):
    accept(world.assignment("Essex", 1).latest_update, at=world.now, by=world.analyst)
    since = rules.london_day(world.now) - timedelta(days=1)
    tab.open(f"/heatmap/?sort=-done&compare={since}")
    assert measures_at(tab, 1366, 768)["rows"] >= 15
    changed = tab.page.locator(".app-cell--changed")
    assert [text.split(",")[0] for text in changed.all_text_contents()] == ["EV→IM"]
    assert changed.evaluate("cell => getComputedStyle(cell).borderTopWidth") == "2px"
    quiet = tab.page.locator(".app-cell--quiet .app-cell__link").first
    assert quiet.evaluate("link => getComputedStyle(link).color") == "rgb(92, 94, 94)"
    assert tab.accessibility_faults() == ""


def test_it_is_printed_on_one_page_with_the_notice_of_its_data(tab):
    tab.page.emulate_media(media="print")
    assert measures_at(tab, *A4_PX)["page"] <= A4_PX[1]
    assert tab.page.get_by_text("Demonstration data").first.is_visible()
    assert not tab.page.locator(".app-toolbar").is_visible()


def test_a_cell_opens_a_panel_beside_the_table(tab):
    tab.page.locator("a[href='/forces/essex/1/']").focus()
    for key in ("ArrowDown", "ArrowRight"):
        tab.page.keyboard.press(key)
    kent = tab.page.locator("a[href='/forces/kent/2/']")
    while not kent.evaluate("cell => cell === document.activeElement"):
        tab.page.keyboard.press("ArrowDown")
    tab.page.keyboard.press("Enter")
    expect(tab.page.locator("#panel-title")).to_be_focused()
    panel = tab.page.locator("#cell-panel")
    expect(panel).to_contain_text("Overdue: the due date passed 12 days")
    assert panel.bounding_box()["x"] > 950
    assert not tab.page.locator("#recommendations").is_visible()
    assert tab.accessibility_faults() == ""
    tab.page.get_by_label("Flag").select_option("overdue")  # htmx replaces the table
    tab.page.wait_for_url("**flag=overdue**")
    expect(tab.page.get_by_text("cells are overdue")).to_be_visible()
    expect(panel).to_contain_text("Kent, R2")
    expect(tab.page.locator(".app-cell--selected")).to_have_count(1)
    tab.page.keyboard.press("Escape")
    expect(kent).to_be_focused()
    expect(panel).to_be_empty()
    assert tab.page.locator("#recommendations").is_visible()


@pytest.mark.parametrize(("width", "javascript"), [(375, True), (1280, False)])
def test_a_cell_is_a_link_on_a_phone_and_without_a_script(
    world: World, open_tab: OpenTab, width: int, javascript: bool
):
    tab = open_tab(world.analyst, width=width, javascript=javascript)
    tab.open("/heatmap/")
    tab.page.locator("a[href='/forces/kent/2/']").click()
    tab.page.wait_for_url("**/forces/kent/2/")


def test_filters_order_and_day_survive_sorting_and_the_back_button(tab):
    tab.page.get_by_label("Flag").select_option("at_risk")
    tab.page.wait_for_url("**flag=at_risk**")
    expect(tab.page.locator("#heatmap-head")).to_contain_text("In Surrey: ")
    tab.page.get_by_role("link", name="Overdue", exact=True).click()
    tab.page.wait_for_url("**sort=-overdue**")
    tab.page.locator(".app-times a").nth(5).click()
    tab.page.wait_for_url("**as_at=**")
    assert "flag=at_risk" in tab.page.url
    assert "sort=-overdue" in tab.page.url
    for _ in range(3):
        tab.page.go_back()
    expect(tab.page.get_by_label("Flag")).to_have_value("")
    expect(tab.page.locator("#heatmap-head")).to_contain_text("force recommendations")


def test_the_grid_has_one_tab_stop_after_new_figures(tab):
    stops = tab.page.locator(".app-cell__link:not([tabindex='-1'])")
    expect(stops).to_have_count(1)
    tab.page.get_by_label("Flag").select_option("at_risk")
    tab.page.wait_for_url("**flag=at_risk**")
    expect(tab.page.locator("#heatmap-head")).to_contain_text("In Surrey: ")
    expect(stops).to_have_count(1)
