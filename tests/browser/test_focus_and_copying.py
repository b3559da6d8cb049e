"""Focus is never behind something that sticks, and copied tables keep their rows."""

import pytest
from bs4 import BeautifulSoup

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
# Notes what a page puts on the clipboard.
NOTE_COPIES = """() => window.addEventListener("copy", ({clipboardData: data}) => {
    window.copied = {text: data.getData("text/plain"), html: data.getData("text/html")};
})"""
# Returns the words that can be seen in each row of the page's tables.
ROWS = """() => [...document.querySelectorAll("main table tr")]
    .filter((row) => row.checkVisibility() && row.innerText.trim())
    .map((row) => [...row.cells].map((cell) => cell.innerText.trim().split(/\\s+/)[0] || ""))"""
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


def test_a_copied_page_has_a_line_for_each_row_of_its_tables(world: World, open_tab: OpenTab):
    tab = open_tab(world.analyst)
    for path in PAGES_WITH_TABLES:
        tab.open(path)
        tab.page.evaluate(NOTE_COPIES)
        tab.page.keyboard.press("Control+A")
        tab.page.keyboard.press("Control+C")
        copied = tab.page.evaluate("copied")
        rows = tab.page.evaluate(ROWS)
        lines = [line for line in copied["text"].split("\n") if "\t" in line]
        several = [row for row in rows if len(row) > 1]
        assert len(lines) == len(several), (path, lines[:20])
        for line, row in zip(lines, several, strict=True):
            cells = line.split("\t")
            assert len(cells) == len(row), (path, line)
            words = [cell.split(" ")[0] for cell in cells]
            assert words[0] == row[0], (path, line)
        tables = BeautifulSoup(copied["html"], "html.parser").select("table")
        assert sum(len(table.select("tr")) for table in tables) >= len(rows), path
        blocks = [
            cell for table in tables for cell in table.select("td *, th *") if cell.name != "a"
        ]
        assert blocks == [], path


def test_a_part_of_a_table_keeps_its_rows(world: World, open_tab: OpenTab):
    tab = open_tab(world.analyst)
    tab.open("/changes/?since=2020-01-01")
    tab.page.evaluate(NOTE_COPIES)
    tab.page.evaluate(
        """() => {
            const rows = document.querySelectorAll(".app-feed tbody tr");
            getSelection().setBaseAndExtent(rows[1].cells[0], 0, rows[3].cells[1], 1);
        }"""
    )
    tab.page.keyboard.press("Control+C")
    copied = tab.page.evaluate("copied")
    assert len([line for line in copied["text"].split("\n") if line.strip()]) == 3
    assert copied["html"].startswith("<table>")
    assert copied["html"].count("<tr>") == 3
