from dataclasses import dataclass

from recommendations.dashboards.register.sorting import parse_sort, sort_rows


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
