"""Sheets as they are in a file: lines of cells, what is hidden, and cells that cannot be read."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Faulty:
    """A cell whose value must not be used. `sentence` says why and how to fix it.

    `value` is what the cell shows. An empty one counts as an empty cell.
    """

    value: "str | int | float | bool | date | None"
    sentence: str


Value: TypeAlias = "str | int | float | bool | date | Faulty | None"


@dataclass(slots=True)
class Line:
    """One row. `cells` are by column, counted from 0; empty cells can be missing."""

    number: int
    cells: dict[int, Value]
    is_hidden: bool = False
    stored_cells: int = 0  # with the empty ones


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells: rows counted from 1, columns from 0."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(kw_only=True)
class Sheet:
    """One sheet. What follows `lines` is complete when the lines have been read."""

    name: str  # "" of a CSV file
    lines: Iterator[Line]
    is_hidden: bool = False
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Area] = field(default_factory=list)
    spilled: list[Area] = field(default_factory=list)  # results of formulas for many cells
    month_first: dict[int, str] = field(default_factory=dict)  # a cell with such a date, by column


_BLANK = re.compile(r"[\s\u00ad\u034f\u115f\u1160\u180e\u200b-\u200f\u2060-\u2064\u3164\ufeff]*")
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_IGNORED_CATEGORIES = {"Cc", "Cf", "Cn", "Co"}


def is_blank(value: Value) -> bool:
    """Whether a cell shows nothing: it is empty, or has only spaces and invisible characters."""
    if isinstance(value, Faulty):
        value = value.value
    return value is None or (isinstance(value, str) and _BLANK.fullmatch(value) is not None)


def plain_text(value: Value) -> str:
    """Return what a cell shows as text in one line."""
    if isinstance(value, Faulty):
        value = value.value
    return " ".join(str(value).split()) if value is not None else ""


def fold(text: str) -> str:
    """Return the text in the form in which headings and labels are compared.

    Without differences of case, spaces, line breaks, width, and invisible characters.
    """
    normal = unicodedata.normalize("NFKC", text)
    spaced = "".join(" " if char.isspace() else char for char in normal)
    visible = "".join(c for c in spaced if unicodedata.category(c) not in _IGNORED_CATEGORIES)
    return " ".join(visible.split()).casefold()


def letters(column: int) -> str:
    """Return the letters of a column: `A` for 0, `AA` for 26."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def address(row: int, column: int) -> str:
    """Return the name of a cell: `E2`."""
    return f"{letters(column)}{row}"


def position(cell: str) -> tuple[int, int]:
    """Return row and column of a cell's name. Raises ValueError if it has none."""
    match = _CELL.fullmatch(cell)
    if match is None:
        raise ValueError(f"{cell} is not the name of a cell")
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column - 1


def area(reference: str) -> Area:
    """Return the cells of `A2:C4`, or of `A2`."""
    first, _, last = reference.partition(":")
    top, left = position(first)
    bottom, right = position(last or first)
    return Area(top, left, bottom, right)


def stored_day(text: str) -> date | str:
    """Return the day of a date in ISO 8601, with its time unless it is midnight.

    One with a time zone stays text, because it can be another day in London. Raises ValueError.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        return text
    return moment if moment.time() != datetime.min.time() else moment.date()


def part_of_date(value: date, cell: str) -> Faulty:
    """Return the cell of a date of which a day or a year is not shown: nobody has checked it."""
    stored = f"{value.day} {value:%B %Y}"
    return Faulty(
        value,
        f"shows only part of a date in cell {cell} ({stored} is stored). Enter the whole date, "
        "like 31/12/2026",
    )


def formula(value: "str | int | float | bool | date | None", cell: str) -> Faulty:
    return Faulty(value, f"has a formula in cell {cell}. Replace it with its value")


def merged(cell: str) -> Faulty:
    return Faulty(
        None, f"is part of merged cells (cell {cell}). Unmerge them and fill in each cell"
    )
