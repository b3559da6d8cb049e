"""Checks of one page: it is accessible, has its parts, and fits every window."""

from collections.abc import Iterable

from tests.browser.conftest import Tab

NARROW_PX = 320
# Width of the window: the greatest height of the header. Each of the layouts of the style sheets is
# measured near the narrowest window that it is for: what fits that one fits wider ones, too.
HEADER_PX = {
    1920: 130,
    1366: 130,
    1200: 130,
    1024: 130,
    800: 146,
    683: 146,
    375: 136,
    NARROW_PX: 136,
}
MAIN_WIDTHS = (1200, 800, NARROW_PX)  # of windows with side by side, stacked and narrow content
PARTS = """() => ({
    headings: document.querySelectorAll("h1").length,
    title: document.title,
    text: document.body.innerText,
})"""
SIZES = """() => new Promise((done) => requestAnimationFrame(() => done([
    document.querySelector("header").offsetHeight,
    document.documentElement.scrollWidth,
])))"""


def page_faults(
    tab: Tab, path: str, widths: Iterable[int] = HEADER_PX, *, axe: bool = True
) -> list[str]:
    """Open the page once and return what is wrong with it, one sentence each."""
    response = tab.page.goto(tab.base_url + path)
    if response.status != 200:
        return [f"{path} responds {response.status}"]
    faults = []
    if axe and (report := tab.accessibility_faults()):
        faults.append(f"{path}: {report}")
    parts = tab.page.evaluate(PARTS)
    if parts["headings"] != 1:
        faults.append(f"{path}: {parts['headings']} headings of the first level")
    if not parts["title"].endswith("County lines recommendations tracker"):
        faults.append(f"{path}: its title is {parts['title']!r}")
    if "Demonstration data" not in parts["text"]:
        faults.append(f"{path} does not say that it shows demonstration data")
    return faults + _layout_faults(tab, path, widths)


def _layout_faults(tab: Tab, path: str, widths: Iterable[int]) -> list[str]:
    size, faults = tab.page.viewport_size, []
    for width in widths:
        tab.page.set_viewport_size({"width": width, "height": size["height"]})
        header, page_width = tab.page.evaluate(SIZES)
        if header > HEADER_PX[width]:
            faults.append(f"{path}: the header is {header} px high at {width} px")
        if page_width > width:
            faults.append(f"{path} is {page_width - width} px too wide at {width} px")
    tab.page.set_viewport_size(size)
    return faults
