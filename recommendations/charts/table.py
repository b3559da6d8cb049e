"""A table as it leaves the page: shown beside a chart, or downloaded."""

from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

Value: TypeAlias = str | int | float | date | None  # None: there is no value


@dataclass(frozen=True, kw_only=True)
class Table:
    """`name` is its place in an address: small letters, digits and hyphens."""

    name: str
    title: str
    head: list[str]
    rows: list[list[Value]]
    notes: list[str] = field(default_factory=list)
