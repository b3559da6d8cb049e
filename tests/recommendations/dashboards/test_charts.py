"""Each chart's SVG is held against a golden file; GOLDEN=write makes them anew."""

import os
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from forces.models import Body
from recommendations.charts.line import Point, gap_words, line_chart
from recommendations.charts.sparkline import sparkline
from recommendations.charts.stacked_bar import stacked_bar
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
            tile_column=place % 2,
            tile_row=place // 2,
        )
        for place, name in enumerate(implemented)
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
        lambda: stacked_bar({Status.IMPLEMENTED: 20, Status.IN_PROGRESS: 10, Status.WITHDRAWN: 13}),
    ),
    "bar-all-zero": ("stacked_bar", lambda: stacked_bar(dict.fromkeys(Status, 0))),
    "bar-all-done": ("stacked_bar", lambda: stacked_bar({Status.IMPLEMENTED: 430})),
    "tile-map": ("tile_map", lambda: tiles(kent=4, essex=0, surrey=10, gwent=7)),
}


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_drawn_as_in_its_golden_file(name):
    template, make = CHARTS[name]
    svg = render_to_string(f"charts/{template}.html", {"chart": make()})
    golden = GOLDEN / f"{name}.svg"
    if os.environ.get("GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(svg)
    assert svg == golden.read_text()


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_well_formed_named_and_without_style(name):
    template, make = CHARTS[name]
    svg = render_to_string(f"charts/{template}.html", {"chart": make()})
    drawn = ET.fromstring(svg)
    assert drawn.get("aria-label") or drawn.get("aria-labelledby")
    assert drawn.get("role") in {"img", "group"}
    assert not [each for each in drawn.iter() if "style" in each.attrib]


def test_nothing_is_drawn_of_nothing():
    assert burn_up() is None
    assert sparkline("Overdue", []) is None
    assert tile_map([], count_of=lambda body: pytest.fail("no body")) is None


def test_a_tile_is_named_by_what_it_shows():
    chart = tiles(kent=4)
    assert chart is not None
    assert chart.tiles[0].label == "KENT 4: Kent, 4 of 10 implemented"


@pytest.mark.parametrize(
    ("planned", "done", "words"),
    [
        (9, 9, "Implementation is on plan"),
        (9, 2, "Implementation is 7 behind the plan"),
        (2, 9, "Implementation is 7 ahead of plan"),
    ],
)
def test_the_title_says_the_gap(planned, done, words):
    assert gap_words([point(0, planned, done), point(1, 50, None)]) == words
