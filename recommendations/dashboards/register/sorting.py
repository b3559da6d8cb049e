"""Sorting the rows of a table by the query parameter `sort`."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from recommendations.dashboards.sorting import DESCENDING

Row = TypeVar("Row")
Keys = Mapping[str, Callable[[Any], Any]]


def parse_sort(text: str, keys: Keys, *, default: str) -> str:
    """Return the key in use, with `-` before it if descending; the default for an unknown one."""
    return text if text.removeprefix(DESCENDING) in keys else default


def sort_rows(rows: Iterable[Row], sort: str, keys: Keys) -> list[Row]:
    """Return the rows in order. Rows without a value are last in both directions."""
    key = keys[sort.removeprefix(DESCENDING)]
    known: list[Row] = []
    unknown: list[Row] = []
    for row in rows:
        (unknown if key(row) is None else known).append(row)
    return sorted(known, key=key, reverse=sort.startswith(DESCENDING)) + unknown
