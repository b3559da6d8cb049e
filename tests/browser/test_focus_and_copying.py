"""Focus is never behind something that sticks, and copied tables keep their rows."""

import pytest

from tests.browser.conftest import OpenTab, Tab
from tests.world import World

# Focuses every control, in both orders, and returns those of which no point can be seen.
HIDDEN = """async () => {
    const controls = [...document.querySelectorAll(
        "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]")]
        .filter((control) => control.checkVisibility({visibilityProperty: true}));
    const hidden = new Set();
    for (const control of [...controls, ...controls.reverse()]) {
        control.focus();
        if (document.activeElement !== control) continue;
        const points = [...control.getClientRects()].flatMap((box) => [0.1, 0.5, 0.9].flatMap(
            (x) => [0.1, 0.5, 0.9].map((y) => [box.x + box.width * x, box.y + box.height * y])));
        const isShown = points.some(([x, y]) => {
            const top = document.elementFromPoint(x, y);
            return top && (control.contains(top) || top.contains(control) ||
                [...control.labels || []].some((label) => label.contains(top)));
        });
        if (!isShown) hidden.add(control.outerHTML.slice(0, 120));
    }
    return [...hidden];
}"""
# Selects each table as a person does, and returns the rows that are not one line of the copied text.
BROKEN_ROWS = """() => {
    const broken = [];
    for (const table of document.querySelectorAll("main table")) {
        if (!table.checkVisibility()) continue;
        getSelection().selectAllChildren(table);
        const lines = getSelection().toString().split("\\n").filter((line) => line.trim());
        const rows = [...table.rows].filter(
            (row) => row.checkVisibility() && row.innerText.trim());
        const caption = table.caption && table.caption.innerText.trim() ? 1 : 0;
        if (lines.length > rows.length + caption)
            broken.push([table.className, rows.length, lines.length, lines.slice(0, 8)]);
    }
    return broken;
}"""


@pytest.mark.parametrize("width", [1280, 320])
def test_focus_is_never_hidden_behind_something_that_sticks(
    world: World, open_tab: OpenTab, width: int
):
    claim = world.assignment("Essex", 1).latest_update
    tab = open_tab(world.analyst, width=width)
    tab.page.set_viewport_size({"width": width, "height": 400})
    for path in ("/heatmap/", "/changes/?since=2020-01-01", f"/reviews/{claim.pk}/", "/"):
        tab.open(path)
        assert tab.page.evaluate(HIDDEN) == [], path


def test_a_copied_table_has_a_line_for_each_row(world: World, open_tab: OpenTab):
    tab = open_tab(world.analyst)
    paths = ("/", "/heatmap/", "/reviews/", "/changes/?since=2020-01-01", "/forces/kent/")
    broken = {
        path: rows
        for path in (
            *paths,
            "/recommendations/",
            "/recommendations/2/",
            "/trends/",
            "/audit/",
            "/forces/",
        )
        if (rows := _broken(tab, path))
    }
    assert broken == {}


def _broken(tab: Tab, path: str) -> list:
    tab.open(path)
    return tab.page.evaluate(BROKEN_ROWS)
