"""The header of every page is low, and no page scrolls sideways at any of ten widths."""

import pytest

from tests.browser.conftest import OpenTab, Tab
from tests.browser.test_every_page import EVERY_ROLE, paths_of
from tests.world import World

# Width of the window: the greatest height of the header
HEADER_PX = {
    1920: 130,
    1366: 130,
    1280: 130,
    1200: 130,
    1024: 130,
    800: 146,
    768: 146,
    683: 146,
    375: 136,
    320: 136,
}
MEASURE = """() => [
    document.querySelector("header").offsetHeight,
    document.documentElement.scrollWidth,
]"""


def layout_faults(tab: Tab, path: str) -> list[str]:
    """Open the page and measure it at each width. The page is loaded once."""
    tab.open(path)
    faults = []
    for width, highest in HEADER_PX.items():
        tab.resize(width)
        header, page_width = tab.page.evaluate(MEASURE)
        if header > highest:
            faults.append(f"{path}: the header is {header} px high at {width} px")
        if page_width > width:
            faults.append(f"{path} is {page_width - width} px too wide at {width} px")
    return faults


@pytest.mark.parametrize("role", ["officer", "analyst", "administrator"])
def test_the_header_is_low_and_pages_fit_at_every_width(role: str, world: World, open_tab: OpenTab):
    user, paths = paths_of(role, world)
    if role != "analyst":  # who opens the pages of every role
        paths = ["/help/", *(path for path in paths if path not in EVERY_ROLE.values())]
    tab = open_tab(user)
    faults = [fault for path in paths for fault in layout_faults(tab, path)]
    assert not faults, "\n".join(faults)


def test_the_menu_of_the_person_opens_without_a_script(world: World, open_tab: OpenTab):
    tab = open_tab(world.officer, width=375, javascript=False)
    tab.open("/help/")
    assert tab.page.get_by_role("link", name="Heatmap").is_visible()  # navigation lies open
    tab.page.locator("summary", has_text=str(world.officer)).click()
    assert tab.page.get_by_role("button", name="Sign out").is_visible()


def test_escape_closes_the_menu_and_keeps_the_focus(world: World, open_tab: OpenTab):
    tab = open_tab(world.officer)
    tab.open("/help/")
    name = tab.page.locator("summary", has_text=str(world.officer))
    name.press("Enter")
    tab.page.get_by_role("link", name="Saved views").focus()
    tab.page.keyboard.press("Escape")
    assert not tab.page.get_by_role("button", name="Sign out").is_visible()
    assert name.evaluate("element => element === document.activeElement")
