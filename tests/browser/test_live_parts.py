"""Filters and pagination with htmx keep focus, URL and announcements."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenTab, Tab


@pytest.fixture(autouse=True)
def _sample_page(settings) -> None:
    settings.ROOT_URLCONF = "tests.browser.sample_page"


@pytest.fixture
def tab(open_tab: OpenTab) -> Tab:
    tab = open_tab()
    tab.open("/sample/")
    tab.page.evaluate("window.isTheSamePage = true")
    return tab


def choose(tab: Tab, status: str) -> None:
    tab.page.get_by_label("Status").focus()
    tab.page.get_by_label("Status").select_option(status)


def heading(tab: Tab) -> str:
    return tab.page.locator("#results-heading").inner_text()


def is_the_same_page(tab: Tab) -> bool:
    return tab.page.evaluate("window.isTheSamePage === true")


class TestFilter:
    def test_a_choice_applies_immediately_keeps_the_focus_and_is_announced(self, tab):
        choose(tab, "overdue")
        expect(tab.page.locator("#results-heading")).to_have_text("Results for overdue")
        expect(tab.page.get_by_label("Status")).to_be_focused()
        expect(tab.page.get_by_role("status")).to_have_text("9 forces found")
        assert "status=overdue" in tab.page.url
        assert is_the_same_page(tab)

    def test_text_applies_with_the_button(self, tab):
        tab.fill_in("Words", "kent")
        tab.page.get_by_label("Status").focus()
        assert "words" not in tab.page.url
        tab.press("Show")
        tab.page.wait_for_url("**words=kent**")
        assert is_the_same_page(tab)

    def test_the_back_button_restores_the_previous_choice(self, tab):
        choose(tab, "overdue")
        expect(tab.page.locator("#results-heading")).to_have_text("Results for overdue")
        tab.page.go_back()
        expect(tab.page.locator("#results-heading")).to_have_text("Results for any")
        expect(tab.page.get_by_label("Status")).to_have_value("any")

    def test_the_button_works_without_scripts(self, open_tab):
        tab = open_tab(javascript=False, width=320)
        tab.open("/sample/")
        tab.page.get_by_role("link", name="Filters").click()  # opens them, without a script
        tab.page.get_by_label("Status").select_option("overdue")
        tab.press("Show")
        assert heading(tab) == "Results for overdue"
        tab.page.get_by_role("link", name="Next page").click()
        assert heading(tab) == "Results for overdue"
        assert "page=2" in tab.page.url


class TestPagination:
    def test_a_page_link_moves_the_focus_to_the_results(self, tab):
        choose(tab, "overdue")
        expect(tab.page.locator("#results-heading")).to_have_text("Results for overdue")
        tab.page.get_by_label("Page 2").click()
        expect(tab.page.locator("#results-heading")).to_be_focused()
        expect(tab.page.get_by_text("Force 3", exact=True)).to_be_visible()
        assert "status=overdue" in tab.page.url
        assert is_the_same_page(tab)

    def test_the_components_in_the_results_are_initialised(self, tab):
        choose(tab, "overdue")
        expect(tab.page.locator("#results-heading")).to_have_text("Results for overdue")
        expect(tab.page.locator("#results button[data-govuk-button-init]")).to_be_visible()


class TestErrors:
    def test_the_whole_page_is_reloaded_when_the_session_has_ended(self, tab):
        choose(tab, "signed out")
        expect(tab.page.locator("#results-heading")).to_have_text("Results for signed out")
        assert not is_the_same_page(tab)
        assert tab.page.get_by_label("Password").count() == 0

    def test_the_whole_page_is_reloaded_after_an_error(self, tab):
        choose(tab, "broken")
        expect(tab.page.locator("#results-heading")).to_have_text("Results for broken")
        assert not is_the_same_page(tab)
        tab.faults = [
            fault for fault in tab.faults if " 500" not in fault and "Code 500" not in fault
        ]


class TestHeatmap:
    @pytest.mark.parametrize("width", [1280, 375])
    def test_it_is_accessible(self, open_tab, width):
        tab = open_tab(width=width)
        tab.open("/sample/")
        assert tab.accessibility_faults() == ""

    @pytest.mark.parametrize(
        ("status", "fill", "letters"),
        [
            ("implemented", "rgb(18, 67, 109)", "rgb(255, 255, 255)"),
            ("evidence-submitted", "rgb(32, 115, 188)", "rgb(255, 255, 255)"),
            ("in-progress", "rgb(207, 227, 247)", "rgb(11, 12, 12)"),
            ("not-started", "rgb(255, 255, 255)", "rgb(11, 12, 12)"),
        ],
    )
    def test_the_letters_in_a_link_have_the_colours_of_the_cell(self, tab, status, fill, letters):
        cell = tab.page.locator(f".app-cell--{status} .app-cell__link").first
        colours = "e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]"
        assert cell.evaluate(colours) == [fill, letters]

    def test_a_focused_cell_is_not_hidden_by_the_sticky_header(self, tab):
        tab.resize(1280, 300)
        cell = tab.page.locator(".app-cell__link").first
        tab.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        cell.focus()
        header = tab.page.locator(".app-heatmap__column").first
        box, header_box = cell.bounding_box(), header.bounding_box()
        assert box["y"] >= header_box["y"] + header_box["height"]
