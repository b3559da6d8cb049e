"""Reads the rows of a CSV file into forms, and notes every problem by row and column."""

import csv
import errno
import os
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from django import forms
from django.core.exceptions import ValidationError

_MAX_FILE_SIZE = 5_000_000  # bytes; the register's own files hold a few thousand
Row = TypeVar("Row", bound="RowForm")


class InvalidFiles(Exception):
    """The files cannot be loaded. The message has a sentence a line, in the order of the files."""


class TextField(forms.CharField):
    """A text without characters that cannot be printed, except line breaks."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if not value.replace("\n", "").isprintable():
            raise ValidationError("This contains a character that cannot be printed.")


class RowForm(forms.Form):
    """One row, with a field for each column. `place` is `forces.csv, row 2`: the header is row 1.

    The header must have all columns except `optional`.
    """

    optional: ClassVar[tuple[str, ...]] = ()

    def __init__(self, cells: dict[str, str], *, place: str) -> None:
        super().__init__(cells)
        self.place = place
        self.full_clean()

    def problems(self) -> list[str]:
        return [
            f"{self.place}, column {column}: {quoted(self.data.get(column, ''))}: {error}"
            for column, errors in self.errors.items()
            for error in errors
        ]


def quoted(value: str) -> str:
    """Return a value in quotes for a sentence: printable, and shortened to 60 characters."""
    return repr(value if len(value) <= 60 else f"{value[:57]}...")


def read_rows(path: Path, form: type[Row], problems: list[str]) -> list[Row]:
    """Return all complete rows; none, with a problem noted, if the file cannot be read."""
    rows: dict[int, list[str]] = {}
    header: list[str] = []
    try:
        if path.stat().st_size > _MAX_FILE_SIZE:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        content = path.read_bytes()
        reader = csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        header, *records = [[cell.strip() for cell in record] for record in reader] or [[]]
    except FileNotFoundError:
        found = [f"there is no such file in {path.parent}."]
    except OSError as error:
        found = [f"it cannot be read: {error.strerror}."]
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = [f"line {line} is not UTF-8. Save the file as 'CSV UTF-8'."]
    except csv.Error as error:
        found = [f"line {reader.line_num} is not CSV: {error}."]
    else:
        found = _header_problems(header, form)
        if not found:
            rows = {number: cells for number, cells in enumerate(records, start=2) if any(cells)}
            found = [] if rows else ["it has a header but no rows."]
    incomplete = [number for number, cells in rows.items() if len(cells) != len(header)]
    for number in incomplete:
        found.append(f"row {number} has {len(rows.pop(number))} cells instead of {len(header)}.")
    problems += [f"{path.name}: {sentence}" for sentence in found]
    return [
        form(dict(zip(header, cells, strict=True)), place=f"{path.name}, row {number}")
        for number, cells in rows.items()
    ]


def _header_problems(header: list[str], form: type[RowForm]) -> list[str]:
    missing = form.base_fields.keys() - form.optional - set(header)
    unknown = set(header) - form.base_fields.keys()
    twice = {name for name in header if header.count(name) > 1}
    return [
        *(f"column {name} is missing from row 1." for name in form.base_fields if name in missing),
        *(f"column {quoted(name)} in row 1 is unknown." for name in sorted(unknown)),
        *(f"column {name} is in row 1 more than once." for name in sorted(twice - unknown)),
    ]


def check_unique(rows: Iterable[RowForm], *columns: str, may_be_empty: bool = False) -> None:
    """Add an error to every row with the same cells in these columns as an earlier one.

    Cells after the first column count as the same if they are empty only with `may_be_empty`.
    """
    first: dict[tuple[str, ...], RowForm] = {}
    for row in rows:
        key = tuple(row.data.get(column, "").casefold() for column in columns)
        earlier = first.setdefault(key, row)
        is_complete = bool(key[0]) if may_be_empty else all(key)
        if is_complete and earlier is not row:
            row.add_error(columns[0], f"{earlier.place} has the same {' and '.join(columns)}.")
