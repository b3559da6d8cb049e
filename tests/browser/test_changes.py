"""The measures of the changes page, and of the lists that are dense tables."""

from datetime import timedelta

import pytest

from tests.browser.conftest import OpenTab
from tests.factories import AssignmentFactory, ForceFactory, accept, claim, submit
from tests.world import World

PITCH = """(rows) => {
    const heights = [...document.querySelectorAll(rows)].map((row) => row.offsetHeight);
    return [heights.length, Math.max(...heights)];
}"""


def test_a_change_is_one_row_and_the_filters_are_on_one_line(world: World, open_tab: OpenTab):
    for number in range(8):
        force = ForceFactory(tile_column=number, tile_row=1)
        for recommendation in world.recommendations:
            assignment = AssignmentFactory(recommendation=recommendation, body=force)
            submit(assignment, at=world.now - timedelta(days=3))
            accept(claim(assignment, at=world.now - timedelta(days=2)), at=world.now)
    tab = open_tab(world.analyst)
    tab.resize(1366, 768)
    tab.open("/changes/")
    count, highest = tab.page.evaluate(PITCH, ".app-feed td:nth-child(5)")
    assert count >= 40
    assert highest <= 25
    assert tab.page.locator(".app-toolbar").evaluate("form => form.offsetHeight") <= 36
    head = tab.page.locator(".app-feed thead").evaluate("head => head.getBoundingClientRect().top")
    assert head <= 330
    page_px = tab.page.evaluate("document.documentElement.scrollHeight")
    assert page_px <= 400 + 26 * (count + 10)


@pytest.mark.parametrize("path", ["/people/", "/jobs/", "/digests/", "/audit/"])
def test_a_list_starts_near_the_top_and_a_row_is_one_line(
    path: str, world: World, open_tab: OpenTab
):
    tab = open_tab(world.administrator)
    tab.resize(1366, 768)
    tab.open(path)
    first = tab.page.locator(".app-dense tbody tr").first
    assert first.evaluate("row => row.getBoundingClientRect().top") <= 330
    assert first.evaluate("row => row.offsetHeight") <= 29
