"""The menu of the person, with and without a script."""

from tests.browser.conftest import OpenTab
from tests.world import World


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
