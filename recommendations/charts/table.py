"""Tables of figures, shown with a chart or downloaded."""

from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

Value: TypeAlias = str | int | float | date | None  # None: no value


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table; `name` is part of its address (lower-case letters, digits and hyphens).

    `paths` are the pages of the rows, which spreadsheets link to from the first column; "" for
    none, and no paths at all for a table without pages.
    """

    name: str
    title: str
    head: list[str]
    rows: list[list[Value]]
    notes: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
