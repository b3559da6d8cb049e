"""Reads the rows of an uploaded spreadsheet within limits.

`spreadsheet.read_rows` calls this in a process of its own, so this module must not need Django.
"""

import csv
import io
import json
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO

from recommendations.evidence.file_types import EXCEL, UnacceptableFile
from recommendations.evidence.office_files import inspect_office
from recommendations.evidence.text_files import decode
from recommendations.exports.csv_file import FORMULA_PREFIXES

# Of a worksheet, with the empty ones: a tiny file can claim to have a million rows and columns.
MAX_LINES = 20_000
MAX_COLUMNS = 50
MAX_CELLS = 1_000_000
MAX_CELL_CHARACTERS = 32_767  # as in Excel
MAX_CHARACTERS = 10_000_000  # of all cells: a tiny file can use one long text in all of them
MAX_UNPACKED_RATIO = 20  # of an unpacked workbook to the largest file
_DELETE_COLUMNS = "Delete the columns to the right of the last one that you use."


@dataclass(frozen=True, kw_only=True)
class SheetLayout:
    """What an uploaded spreadsheet must look like."""

    sheet: str  # the worksheet to read; without it, the first one
    headings: tuple[str, ...]  # each of them once
    key_headings: Collection[str]  # the first row with all of these is the row of headings
    other_headings: Mapping[str, str] = field(default_factory=dict)  # read as these headings
    max_rows: int
    max_megabytes: int

    @property
    def max_bytes(self) -> int:
        return self.max_megabytes * 1024 * 1024


def read(file: BinaryIO, *, name: str, layout: dict[str, Any]) -> bytes:
    """Return the number and the cells, by heading, of each row below the headings, as JSON.

    `layout` is a SheetLayout. A date, with or without a time, is `{"date": "2026-12-31"}`. Raises
    UnacceptableFile with a sentence if the file as a whole cannot be imported.
    """
    expected = SheetLayout(**layout)
    content = file.read()
    is_workbook = content.startswith(b"PK")
    lines = _workbook(content, name, expected) if is_workbook else _csv(content, name)
    rows = _rows(_limited(lines, name), name, expected)
    return json.dumps(rows, default=_encoded).encode()


def _encoded(value: Any) -> Any:
    return {"date": value.isoformat()} if isinstance(value, date) else str(value)


def _limited(lines: Iterable[list[Any]], name: str) -> Iterator[list[Any]]:
    cells = characters = 0
    for number, line in enumerate(lines, start=1):
        lengths = [len(cell) for cell in line if isinstance(cell, str)]
        cells, characters = cells + len(line), characters + sum(lengths)
        longest = max(lengths, default=0)
        if reason := _line_reason(number, line, longest) or _total_reason(cells, characters):
            raise UnacceptableFile(f"“{name}” {reason}")
        yield line[:MAX_COLUMNS]


def _line_reason(number: int, line: list[Any], longest: int) -> str:
    """Return which limit a line exceeds and what to do, or ""."""
    if number > MAX_LINES:
        return (
            f"has more than {MAX_LINES:,} rows, with the empty ones. Delete the rows below the "
            "last one that you use."
        )
    if any(cell not in (None, "") for cell in line[MAX_COLUMNS:]):
        return f"has more than {MAX_COLUMNS} columns. {_DELETE_COLUMNS}"
    if longest > MAX_CELL_CHARACTERS:
        return (
            f"has a cell with more than {MAX_CELL_CHARACTERS:,} characters in row {number}. Make "
            "it shorter."
        )
    return ""


def _total_reason(cells: int, characters: int) -> str:
    """Return which limit the lines so far exceed and what to do, or ""."""
    if cells > MAX_CELLS:
        return f"has more than {MAX_CELLS:,} cells, with the empty ones. {_DELETE_COLUMNS}"
    if characters > MAX_CHARACTERS:
        millions = MAX_CHARACTERS // 1_000_000
        return f"has more than {millions} million characters in its cells. Split it."
    return ""


def _workbook(content: bytes, name: str, layout: SheetLayout) -> Iterator[list[Any]]:
    file, max_size = io.BytesIO(content), layout.max_bytes * MAX_UNPACKED_RATIO
    if inspect_office(file, name=name, size=len(content), max_unpacked_size=max_size) is not EXCEL:
        raise UnacceptableFile(f"“{name}” must be a spreadsheet (.xlsx or .csv).")
    # openpyxl can use these, but does not need them to read, and they take long to import.
    sys.modules |= dict.fromkeys(("numpy", "PIL", "lxml"))  # type: ignore[arg-type]
    from openpyxl import load_workbook

    try:
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        has_sheet = layout.sheet in book.sheetnames
        sheet: Any = book[layout.sheet] if has_sheet else book.worksheets[0]
        sheet.reset_dimensions()  # the size that the file claims to have can be wrong
        for cells in sheet.iter_rows():
            yield [_value(cell, name) for cell in cells]
    except (UnacceptableFile, MemoryError):
        raise
    except Exception:  # a crafted file can fail anywhere in the library
        raise UnacceptableFile(
            f"“{name}” cannot be read. Save it again as .xlsx or .csv."
        ) from None


def _value(cell: Any, name: str) -> Any:
    if cell.data_type == "f":
        raise UnacceptableFile(
            f"“{name}” has a formula in cell {cell.coordinate}. Replace it with its value."
        )
    return cell.value


def _csv(content: bytes, name: str) -> Iterator[list[Any]]:
    text = decode(content)
    if text is None or "\x00" in text:
        raise UnacceptableFile(f"“{name}” must be a spreadsheet (.xlsx or .csv).")
    head = text.splitlines()[0] if text.strip() else ""
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for line in reader:
            yield [_unescaped(cell) for cell in line]
    except csv.Error:
        raise UnacceptableFile(
            f"“{name}” cannot be read as CSV after line {reader.line_num}."
        ) from None


def _unescaped(cell: str) -> str:
    """Return the cell without the apostrophe that `csv_file.escape_formula` adds."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_PREFIXES) else cell


def _rows(
    lines: Iterable[list[Any]], name: str, layout: SheetLayout
) -> list[tuple[int, dict[str, Any]]]:
    numbered = enumerate(lines, start=1)
    headings: list[str] = []
    for _, line in numbered:
        texts = [str(cell or "").strip() for cell in line]
        headings = [layout.other_headings.get(text, text) for text in texts]
        if set(layout.key_headings).issubset(headings):
            break
    _check_headings(headings, name, layout)
    rows = []
    for number, line in numbered:
        cells = dict(zip(headings, line, strict=False))
        if not any(str(value or "").strip() for value in cells.values()):
            continue
        rows.append((number, {heading: cells.get(heading) for heading in layout.headings}))
        if len(rows) > layout.max_rows:
            raise UnacceptableFile(f"“{name}” has more than {layout.max_rows:,} rows. Split it.")
    if not rows:
        raise UnacceptableFile(f"“{name}” has no rows below the headings.")
    return rows


def _check_headings(headings: list[str], name: str, layout: SheetLayout) -> None:
    twice = [heading for heading in layout.headings if headings.count(heading) > 1]
    if twice:
        raise UnacceptableFile(f"“{name}” has the column {twice[0]} twice. Remove one of them.")
    missing = [heading for heading in layout.headings if heading not in headings]
    if missing:
        raise UnacceptableFile(
            f"“{name}” does not have the column{'s' if len(missing) > 1 else ''} "
            f"{', '.join(missing)}. Download the template and fill it in."
        )
