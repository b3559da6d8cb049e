"""Focus is never behind something that sticks, and copied tables keep their rows."""

import pytest

from tests.browser.conftest import OpenTab
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
# Selects each table, and returns those whose copied text has more lines than rows.
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

PAGES_WITH_TABLES = (
    *("/", "/heatmap/", "/reviews/", "/changes/?since=2020-01-01", "/changes/?by=body"),
    *("/forces/", "/forces/kent/", "/forces/kent/2/", "/regions/south-east/", "/recommendations/"),
    *("/recommendations/2/", "/trends/", "/deadlines/", "/questions/", "/audit/", "/cookies/"),
)


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
    broken = []
    for path in PAGES_WITH_TABLES:
        tab.open(path)
        broken += [(path, table) for table in tab.page.evaluate(BROKEN_ROWS)]
    print(*broken, sep="\n")
    assert broken == []
