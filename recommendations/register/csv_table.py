"""Reads a CSV file as rows of named cells, and notes every problem by row and column."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from pathlib import Path

_MAX_FILE_SIZE = 5_000_000  # bytes; the register's own files hold a few thousand


class InvalidFiles(Exception):
    """The files cannot be loaded. `problems` are sentences, in the order of the files."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class CsvRow:
    """One row of a table. Numbers are those of a spreadsheet: the header is row 1."""

    table: "CsvTable"
    number: int
    cells: dict[str, str]

    def problem(self, column: str, sentence: str) -> None:
        self.table.problems.append(
            f"{self.table.file_name}, row {self.number}, column {column}: {sentence}"
        )

    def text(self, column: str, *, max_length: int | None = None, required: bool = True) -> str:
        """Return the text of a cell. Notes a problem if it is empty or longer than `max_length`."""
        value = self.cells.get(column, "")
        if required and not value:
            self.problem(column, "the cell is empty.")
        if max_length is not None and len(value) > max_length:
            self.problem(column, f"{quoted(value)} is longer than {max_length} characters.")
        if any(not character.isprintable() for character in value.replace("\n", "")):
            self.problem(column, f"{quoted(value)} contains a character that cannot be printed.")
        return value

    def number_in(self, column: str, *, minimum: int, maximum: int = 999) -> int:
        """Return a whole number. Notes a problem and returns `minimum` if it is not one."""
        value = self.text(column)
        if not value:
            return minimum
        if not (value.isascii() and value.isdigit() and minimum <= int(value) <= maximum):
            self.problem(
                column, f"{quoted(value)} is not a whole number from {minimum} to {maximum}."
            )
            return minimum
        return int(value)

    def day(self, column: str) -> date:
        """Return a date such as 2020-12-31, or `date.min` with a problem noted."""
        value = self.text(column)
        try:
            if len(value) == len("2020-12-31"):
                return date.fromisoformat(value)
        except ValueError:
            pass
        if value:
            self.problem(column, f"{quoted(value)} is not a date such as 2020-12-31.")
        return date.min

    def choice(self, column: str, allowed: tuple[str, ...]) -> str:
        value = self.text(column)
        if value and value not in allowed:
            self.problem(column, f"{quoted(value)} is not one of {', '.join(allowed)}.")
        return value


def quoted(value: str) -> str:
    """Return a value in quotes for a sentence: printable, and shortened to 60 characters."""
    return repr(value if len(value) <= 60 else f"{value[:57]}...")


@dataclass
class CsvTable:
    """One file. All `columns` are required; others must be in `optional`."""

    path: Path
    columns: tuple[str, ...]
    optional: tuple[str, ...] = ()
    problems: list[str] = field(default_factory=list)

    @property
    def file_name(self) -> str:
        return self.path.name

    def rows(self) -> list[CsvRow]:
        """Return all complete rows; none, with a problem noted, if the file cannot be read."""
        text = self._text()
        if text is None:
            return []
        records = self._records(text)
        header = [name.strip() for name in next(records, [])]
        if not self._is_header(header):
            return []
        rows = []
        for number, record in enumerate(records, start=2):
            if not any(cell.strip() for cell in record):
                continue
            if len(record) != len(header):
                self._note(f"row {number} has {len(record)} cells instead of {len(header)}.")
                continue
            cells = {name: cell.strip() for name, cell in zip(header, record, strict=True)}
            rows.append(CsvRow(self, number, cells))
        if not rows and not self.problems:
            self._note("it has a header but no rows.")
        return rows

    def unique(self, rows: list[CsvRow], *columns: str) -> None:
        """Note a problem for every row with the same cells in these columns as an earlier one."""
        first: dict[tuple[str, ...], CsvRow] = {}
        for row in rows:
            key = tuple(row.cells.get(column, "").casefold() for column in columns)
            if not all(key):
                continue
            earlier = first.setdefault(key, row)
            if earlier is not row:
                value = ", ".join(row.cells[column] for column in columns)
                row.problem(
                    " and ".join(columns), f"{quoted(value)} is already in row {earlier.number}."
                )

    def _note(self, sentence: str) -> None:
        self.problems.append(f"{self.file_name}: {sentence}")

    def _text(self) -> str | None:
        try:
            if self.path.stat().st_size > _MAX_FILE_SIZE:
                self._note(f"it is larger than {_MAX_FILE_SIZE // 1_000_000} MB.")
                return None
            content = self.path.read_bytes()
        except FileNotFoundError:
            self._note(f"there is no such file in {self.path.parent}.")
        except OSError as error:
            self._note(f"it cannot be read: {error.strerror}.")
        else:
            return self._decoded(content)
        return None

    def _decoded(self, content: bytes) -> str | None:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            self._note(f"line {line} is not UTF-8. Save the file as 'CSV UTF-8'.")
            return None
        if not text.strip():
            self._note("it is empty.")
            return None
        return text

    def _records(self, text: str) -> Iterator[list[str]]:
        reader = csv.reader(StringIO(text, newline=""), strict=True)
        try:
            yield from reader
        except csv.Error as error:
            self._note(f"line {reader.line_num} is not CSV: {error}.")

    def _is_header(self, header: list[str]) -> bool:
        problem_count = len(self.problems)
        for name in self.columns:
            if name not in header:
                self._note(f"column {name} is missing from row 1.")
        for name in dict.fromkeys(header):
            if name not in self.columns + self.optional:
                self._note(f"column {quoted(name)} in row 1 is unknown.")
            elif header.count(name) > 1:
                self._note(f"column {name} is in row 1 more than once.")
        return len(self.problems) == problem_count
