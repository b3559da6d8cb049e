"""The SVG of each chart is compared with a golden file; GOLDEN=write replaces the files."""

import os
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from forces.models import Body
from recommendations.charts.columns import column_chart
from recommendations.charts.dots import Forecast, dot_chart
from recommendations.charts.line import Point, line_chart
from recommendations.charts.sparkline import sparkline
from recommendations.charts.stacked_bar import status_bar
from recommendations.charts.table import Table
from recommendations.charts.tile_map import tile_map
from recommendations.positions.national import Count
from recommendations.rules import Status

GOLDEN = Path(__file__).parent / "golden"
FIRST = date(2026, 1, 5)


def point(week: int, planned: int, done: int | None) -> Point:
    return Point(FIRST + timedelta(weeks=week), planned, done)


def burn_up(*points: Point, due: dict[int, int] | None = None, waiting: int = 0):
    """Return the chart of points whose plan has so many due dates in each week."""
    days = [
        FIRST + timedelta(weeks=week) for week, count in (due or {}).items() for _ in range(count)
    ]
    return line_chart(
        points,
        due=days,
        waiting=waiting,
        chart_id="burn-up",
        title="Done",
        description="As planned.",
    )


def confidence(*columns: tuple[int, int]):
    names = [("green", "Green"), ("red", "Red")]
    table = Table(name="confidence", title="Confidence", head=[], rows=[])
    return column_chart(
        [(f"Week {number}", column) for number, column in enumerate(columns, 1)],
        names,
        title="Confidence",
        description="By week.",
        unit="Share",
        table=table,
    )


def forecasts(*days: tuple[int, int]):
    rows = [Forecast(f"Force {n}", first, latest) for n, (first, latest) in enumerate(days)]
    return dot_chart(rows, reach=(-10, 40), chart_id="forecasts", title="Forecasts")


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
        return Count(
            total=10, statuses=statuses, overdue=done % 2, bodies_overdue=0, self_assessed=0
        )

    return tile_map(bodies, count_of=count_of)


CHARTS = {
    "line": (
        "line",
        lambda: burn_up(
            point(0, 0, 0), point(10, 20, 9), point(30, 43, None), due={8: 20, 30: 23}, waiting=4
        ),
    ),
    "line-one-point": ("line", lambda: burn_up(point(0, 0, 0), due={0: 1})),
    "line-all-done": ("line", lambda: burn_up(point(0, 0, 0), point(40, 430, 430), due={9: 430})),
    "columns-shares": ("columns", lambda: confidence((3, 1), (0, 0))),
    "dots": ("dots", lambda: forecasts((0, 12), (-5, -5), (0, 0))),
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
    assert forecasts() is None
    assert confidence() is None
    assert sparkline("Overdue", []) is None
    assert tile_map([], count_of=lambda body: pytest.fail("no body")) is None


def test_the_label_of_a_tile_begins_with_its_visible_text():
    chart = tiles(kent=4)
    assert chart is not None
    assert chart.tiles[0].label == "KENT 4: Kent, 4 of 10 implemented"


def test_the_plan_rises_on_its_due_dates_only():
    chart = burn_up(point(0, 0, 0), point(10, 20, 9), point(30, 43, None), due={8: 20, 30: 23})
    assert chart is not None
    corners = [tuple(map(float, pair.split(","))) for pair in chart.planned.split()]
    for (x, y), (next_x, next_y) in pairwise(corners):
        assert x == next_x or y == next_y  # level or straight up
    assert len({x for x, _ in corners}) == 3  # the first day and two due dates


def test_shares_of_a_column_add_up_to_the_whole_height():
    chart = confidence((3, 1))
    assert chart is not None
    assert sum(float(part.height) for part in chart.parts) == pytest.approx(chart.area.plot_height)
    assert chart.hover[0].text == "Week 1: Green 3 (75%), Red 1 (25%)"


def test_dots_are_sorted_and_late_ones_are_marked():
    chart = forecasts((0, 12), (-5, -5), (0, 0))
    assert chart is not None
    assert [dot.kind for dot in chart.dots] == ["on-time", "on-time", "late"]
    assert [area.text for area in chart.hover] == [
        "Force 1: 5 days early",
        "Force 2: on the due date",
        "Force 0: 12 days late, first forecast on the due date",
    ]


def test_the_key_of_the_map_names_every_shade():
    chart = tiles(kent=4)
    assert chart is not None
    assert [text for _, text in chart.key] == ["0", "1 to 3", "4 to 5", "6 to 7", "8 to 10"]
