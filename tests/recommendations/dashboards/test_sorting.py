from dataclasses import dataclass

import pytest
from django.http import QueryDict

from recommendations.dashboards.sorting import Column, parse_sort, sort_heads, sort_rows

COLUMNS = [Column("Force", "force"), Column("Overdue#", "overdue"), Column("Next act")]


@pytest.mark.parametrize(
    ("current", "links", "directions"),
    [
        ("force", ["?kind=a&sort=-force", "?kind=a&sort=overdue"], ["ascending", ""]),
        ("-force", ["?kind=a&sort=force", "?kind=a&sort=overdue"], ["descending", ""]),
        ("-overdue", ["?kind=a&sort=force", "?kind=a&sort=overdue"], ["", "descending"]),
    ],
)
def test_heads_link_to_the_other_order_and_keep_the_filter(current, links, directions):
    heads = sort_heads(COLUMNS, query=QueryDict("kind=a&page=3"), current=current)
    assert [head.href for head in heads] == [*links, ""]
    assert [head.sort for head in heads] == [*directions, ""]
    assert [head.is_number for head in heads] == [False, True, False]
    assert [head.text for head in heads] == ["Force", "Overdue", "Next act"]


def test_a_column_can_sort_descending_first():
    for current, link in (("name", "-done"), ("-done", "done"), ("done", "-done")):
        heads = sort_heads(
            [Column("Done#", "-done")], query=QueryDict(), current=current, path="/heatmap/"
        )
        assert heads[0].href == f"/heatmap/?sort={link}"


@dataclass
class Row:
    days: int | None


KEYS = {"days": lambda row: row.days}


def test_rows_without_a_value_are_last_in_both_directions():
    rows = [Row(None), Row(2), Row(1)]
    assert [row.days for row in sort_rows(rows, "days", KEYS)] == [1, 2, None]
    assert [row.days for row in sort_rows(rows, "-days", KEYS)] == [2, 1, None]


def test_an_unknown_key_gives_the_default():
    assert parse_sort("-days", KEYS, default="name") == "-days"
    assert parse_sort("-secret", KEYS, default="name") == "name"
    assert parse_sort("", KEYS, default="name") == "name"
