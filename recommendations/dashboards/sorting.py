"""Tables that sort by the query parameter `sort`: their heads, and the order of their rows."""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import F, Model, QuerySet
from django.http import QueryDict

DESCENDING = "-"
Row = TypeVar("Row")
ModelRow = TypeVar("ModelRow", bound=Model)
Keys = Mapping[str, Callable[[Any], Any]]
Fields = Mapping[str, tuple[str, ...]]  # as in `QuerySet.order_by`


@dataclass(frozen=True)
class SortHead:
    """A column's head: its text, the link that sorts by it, and the present direction."""

    text: str
    href: str = ""
    sort: str = ""
    is_number: bool = False
    hidden_text: str = ""


@dataclass(frozen=True)
class Column:
    """A column: its text as in the `columns` filter (`#` after a number), and its sort key.

    `-` before the key: the first click sorts descending.
    """

    text: str
    key: str = ""


def sort_heads(
    columns: Iterable[Column], *, query: QueryDict, current: str, path: str = ""
) -> list[SortHead]:
    """Return the heads. A second click on the current column turns its direction round.

    `current` is the key in use, with `-` before it if descending. Other parameters are kept, except
    the number of the page. The links lead to `path`, or to the same page.
    """
    return [_head(column, query=query, current=current, path=path) for column in columns]


def _head(column: Column, *, query: QueryDict, current: str, path: str) -> SortHead:
    text, is_number = column.text.removesuffix("#"), column.text.endswith("#")
    if not column.key:
        return SortHead(text, is_number=is_number)
    key, direction, link = column.key.removeprefix(DESCENDING), "", column.key
    if current.removeprefix(DESCENDING) == key:
        direction = "descending" if current.startswith(DESCENDING) else "ascending"
        link = DESCENDING + key if direction == "ascending" else key
    changed = query.copy()
    changed.pop("page", None)
    changed["sort"] = link
    return SortHead(text, f"{path}?{changed.urlencode()}", direction, is_number)


def parse_sort(text: str, keys: Container[str], *, default: str) -> str:
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


def order_rows(rows: QuerySet[ModelRow], sort: str, fields: Fields) -> QuerySet[ModelRow]:
    """Return the queryset in order. `-` turns round the first field, in which nulls are last."""
    first, *others = fields[sort.removeprefix(DESCENDING)]
    column = F(first)
    is_descending = sort.startswith(DESCENDING)
    ordered = column.desc(nulls_last=True) if is_descending else column.asc(nulls_last=True)
    return rows.order_by(ordered, *others, "pk")
