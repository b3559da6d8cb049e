"""The SVG of each chart is compared with a golden file; GOLDEN=write replaces the files."""

import os
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from forces.models import Body
from recommendations.charts.line import Point, line_chart
from recommendations.charts.sparkline import sparkline
from recommendations.charts.stacked_bar import status_bar
from recommendations.charts.tile_map import tile_map
from recommendations.positions.national import Count
from recommendations.rules import Status

GOLDEN = Path(__file__).parent / "golden"
FIRST = date(2026, 1, 5)


def point(week: int, planned: int, done: int | None) -> Point:
    return Point(FIRST + timedelta(weeks=week), planned, done)


def burn_up(*points: Point):
    return line_chart(points, chart_id="burn-up", title="On plan", description="As planned.")


def tiles(**implemented: int):
    bodies = [
        Body(
            slug=name,
            short_name=name.capitalize(),
            kind=Body.Kind.FORCE,
            tile_column=index % 2,
            tile_row=index // 2,
        )
        for index, name in enumerate(implemented)
    ]

    def count_of(body: Body) -> Count:
        done = implemented[body.slug]
        statuses = dict.fromkeys(Status, 0) | {Status.IMPLEMENTED: done}
        return Count(total=10, statuses=statuses, overdue=done % 2, bodies_overdue=0)

    return tile_map(bodies, count_of=count_of)


CHARTS = {
    "line": ("line", lambda: burn_up(point(0, 0, 0), point(10, 20, 9), point(30, 43, None))),
    "line-one-point": ("line", lambda: burn_up(point(0, 0, 0))),
    "line-all-done": ("line", lambda: burn_up(point(0, 0, 0), point(40, 430, 430))),
    "sparkline": ("sparkline", lambda: sparkline("Overdue", [3, 5, 4, 9])),
    "sparkline-one-point": ("sparkline", lambda: sparkline("Overdue", [3])),
    "sparkline-all-zero": ("sparkline", lambda: sparkline("Overdue", [0, 0, 0])),
    "bar": (
        "stacked_bar",
        lambda: status_bar({Status.IMPLEMENTED: 20, Status.IN_PROGRESS: 10, Status.WITHDRAWN: 13}),
    ),
    "bar-all-zero": ("stacked_bar", lambda: status_bar(dict.fromkeys(Status, 0))),
    "bar-all-done": ("stacked_bar", lambda: status_bar({Status.IMPLEMENTED: 430})),
    "tile-map": ("tile_map", lambda: tiles(kent=4, essex=0, surrey=10, gwent=7)),
}


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_equals_its_golden_file(name):
    template, build = CHARTS[name]
    svg = render_to_string(f"charts/{template}.html", {"chart": build()})
    golden = GOLDEN / f"{name}.svg"
    if os.environ.get("GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(svg)
    assert svg == golden.read_text()


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_well_formed_and_labelled_and_has_no_inline_style(name):
    template, build = CHARTS[name]
    svg = ET.fromstring(render_to_string(f"charts/{template}.html", {"chart": build()}))
    assert svg.get("aria-label") or svg.get("aria-labelledby")
    assert svg.get("role") in {"img", "group"}
    assert not [element for element in svg.iter() if "style" in element.attrib]


def test_there_is_no_chart_without_data():
    assert burn_up() is None
    assert sparkline("Overdue", []) is None
    assert tile_map([], count_of=lambda body: pytest.fail("no body")) is None


def test_the_label_of_a_tile_begins_with_its_visible_text():
    chart = tiles(kent=4)
    assert chart is not None
    assert chart.tiles[0].label == "KENT 4: Kent, 4 of 10 implemented"
