"""A CSV file as rows of named cells, with every problem noted by row and column."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from pathlib import Path

_LARGEST_FILE = 5_000_000  # bytes; the register's own files hold a few thousand


class BadFiles(Exception):
    """The files cannot be loaded. `problems` holds one sentence each, in the files' order."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Row:
    """One row of a table. `number` counts as a spreadsheet does: the header is row 1."""

    table: "Table"
    number: int
    cells: dict[str, str]

    def problem(self, column: str, sentence: str) -> None:
        self.table.problems.append(
            f"{self.table.file_name}, row {self.number}, column {column}: {sentence}"
        )

    def text(self, column: str, *, longest: int | None = None, required: bool = True) -> str:
        """The cell's text. Notes a problem where it is empty or longer than `longest`."""
        value = self.cells.get(column, "")
        if required and not value:
            self.problem(column, "the cell is empty.")
        if longest is not None and len(value) > longest:
            self.problem(column, f"{shown(value)} is longer than {longest} characters.")
        if any(not character.isprintable() for character in value.replace("\n", "")):
            self.problem(column, f"{shown(value)} holds a character that cannot be printed.")
        return value

    def number_in(self, column: str, *, least: int, most: int = 999) -> int:
        """A whole number; `least` where it is none, with a problem noted."""
        value = self.text(column)
        if not value:
            return least
        if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
            self.problem(column, f"{shown(value)} is not a whole number from {least} to {most}.")
            return least
        return int(value)

    def day(self, column: str) -> date:
        """A date written as 2020-12-31; the earliest one where it is none."""
        value = self.text(column)
        try:
            if len(value) == len("2020-12-31"):
                return date.fromisoformat(value)
        except ValueError:
            pass
        if value:
            self.problem(column, f"{shown(value)} is not a date such as 2020-12-31.")
        return date.min

    def choice(self, column: str, allowed: tuple[str, ...]) -> str:
        value = self.text(column)
        if value and value not in allowed:
            self.problem(column, f"{shown(value)} is not one of {', '.join(allowed)}.")
        return value


def shown(value: str) -> str:
    """A value as a sentence quotes it: printable, and cut where it is long."""
    cut = value if len(value) <= 60 else f"{value[:57]}..."
    return repr(cut)


@dataclass
class Table:
    """One file. `columns` must all be there, `optional` may; no other is known."""

    path: Path
    columns: tuple[str, ...]
    optional: tuple[str, ...] = ()
    problems: list[str] = field(default_factory=list)

    @property
    def file_name(self) -> str:
        return self.path.name

    def rows(self) -> list[Row]:
        """Every whole row; none where the file itself is wrong, and a problem says why."""
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
                self._note(f"row {number} has {len(record)} cells where {len(header)} are needed.")
                continue
            cells = {name: cell.strip() for name, cell in zip(header, record, strict=True)}
            rows.append(Row(self, number, cells))
        if not rows and not self.problems:
            self._note("it holds a header, but no rows.")
        return rows

    def unique(self, rows: list[Row], *columns: str) -> None:
        """Note each row whose cells in these columns repeat an earlier row's."""
        first: dict[tuple[str, ...], Row] = {}
        for row in rows:
            key = tuple(row.cells.get(column, "").casefold() for column in columns)
            if not all(key):
                continue
            earlier = first.setdefault(key, row)
            if earlier is not row:
                value = ", ".join(row.cells[column] for column in columns)
                row.problem(
                    " and ".join(columns), f"{shown(value)} stands in row {earlier.number} already."
                )

    def _note(self, sentence: str) -> None:
        self.problems.append(f"{self.file_name}: {sentence}")

    def _text(self) -> str | None:
        try:
            if self.path.stat().st_size > _LARGEST_FILE:
                self._note(f"it is larger than {_LARGEST_FILE // 1_000_000} MB.")
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
        before = len(self.problems)
        for name in self.columns:
            if name not in header:
                self._note(f"column {name} is missing from row 1.")
        for name in dict.fromkeys(header):
            if name not in self.columns + self.optional:
                self._note(f"column {shown(name)} in row 1 is not known.")
            elif header.count(name) > 1:
                self._note(f"column {name} stands in row 1 more than once.")
        return len(self.problems) == before
