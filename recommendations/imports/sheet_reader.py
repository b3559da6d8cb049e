"""Reads the rows of an uploaded spreadsheet within limits.

`spreadsheet.read_sheet` calls this in a process of its own, so this module must not need Django.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO

from recommendations.evidence.file_names import extension_of
from recommendations.evidence.file_types import EXCEL, ODS, UnacceptableFile
from recommendations.evidence.office_files import inspect_office
from recommendations.imports.sheets import csv_sheet, ods, xlsx
from recommendations.imports.sheets.csv_text import UnknownEncoding, decode_csv
from recommendations.imports.sheets.file_kinds import other_kind
from recommendations.imports.sheets.grid import Faulty, Line, Sheet, Value, is_blank
from recommendations.imports.sheets.layout import SheetLayout
from recommendations.imports.sheets.table import (
    MAX_HEADING_LINES,
    FoundTable,
    heading_names,
    heading_of,
    read_table,
)

# Of a worksheet, with the empty ones: a tiny file can claim to have a million rows and columns.
MAX_LINES = 20_000
MAX_COLUMNS = 50
MAX_CELLS = 1_000_000
MAX_CELL_CHARACTERS = 32_767  # as in Excel
MAX_CHARACTERS = 10_000_000  # of all cells: a tiny file can use one long text in all of them
MAX_UNPACKED_RATIO = 20  # of an unpacked workbook to the largest file
_DELETE_COLUMNS = "Delete the columns to the right of the last one that you use."


def read(file: BinaryIO, *, name: str, layout: dict[str, Any]) -> bytes:
    """Return the rows below the headings, and notes about the file, as JSON.

    `layout` is a SheetLayout. A date, with or without a time, is `{"date": "2026-12-31"}`; a cell
    that must not be used is `{"problem": "has a formula ..."}`. Raises UnacceptableFile with a
    sentence if the file as a whole cannot be imported.
    """
    expected = SheetLayout(**layout)
    content = file.read()
    if reason := other_kind(content):
        raise UnacceptableFile(f"“{name}” {reason}")
    is_workbook = content.startswith(b"PK")
    table = _workbook(content, name, expected) if is_workbook else _csv(content, name, expected)
    return json.dumps(
        {
            "columns": table.columns,
            "rows": [[row.number, row.cells, row.is_hidden, row.problem] for row in table.rows],
            "notes": table.notes,
            "month_first": table.month_first,
        },
        default=_encoded,
    ).encode()


def _encoded(value: Any) -> Any:
    if isinstance(value, Faulty):
        return {"problem": value.sentence, "blank": is_blank(value)}
    return {"date": value.isoformat()} if isinstance(value, date) else str(value)


def _workbook(content: bytes, name: str, layout: SheetLayout) -> FoundTable:
    file, max_size = io.BytesIO(content), layout.max_bytes * MAX_UNPACKED_RATIO
    kind = inspect_office(file, name=name, size=len(content), max_unpacked_size=max_size)
    if kind not in (EXCEL, ODS):
        raise UnacceptableFile(
            f"“{name}” is {kind.one}. It must be a spreadsheet (.xlsx, .ods or .csv)."
        )
    try:
        with zipfile.ZipFile(file) as archive:
            if kind is EXCEL:
                sheets = xlsx.read_sheets(archive)
            else:
                sheets = ods.read_sheets(archive, max_columns=MAX_COLUMNS)
            return _table(sheets, name, layout)
    except (xlsx.DamagedWorkbook, ods.DamagedDocument):
        raise UnacceptableFile(
            f"“{name}” is damaged and cannot be read. Save it again as .xlsx, .ods or .csv."
        ) from None


def _csv(content: bytes, name: str, layout: SheetLayout) -> FoundTable:
    names = heading_names(layout)
    try:
        decoded = decode_csv(content)
        sheet = csv_sheet.read_sheet(
            decoded.text,
            count_headings=lambda cells: sum(bool(heading_of(cell, names)) for cell in cells),
            max_lines=MAX_HEADING_LINES,
        )
        table = _table([sheet], name, layout)
    except (UnknownEncoding, csv_sheet.InvalidCsv) as reason:
        raise UnacceptableFile(f"“{name}” {reason}") from None
    if decoded.note:
        table.notes.append(decoded.note)
    if extension_of(name) in ("xlsx", "xls", "ods"):
        table.notes.append(f"“{name}” is a CSV file, whatever its name says, and was read as one.")
    return table


def _table(sheets: list[Sheet], name: str, layout: SheetLayout) -> FoundTable:
    for sheet in sheets:
        sheet.lines = _limited(sheet.lines, name)
    return read_table(sheets, name=name, layout=layout)


def _limited(lines: Iterator[Line], name: str) -> Iterator[Line]:
    cells = characters = 0
    for line in lines:
        lengths = [_length(value) for value in line.cells.values()]
        cells, characters = cells + line.stored_cells, characters + sum(lengths)
        longest = max(lengths, default=0)
        if reason := _line_reason(line, longest) or _total_reason(cells, characters):
            raise UnacceptableFile(f"“{name}” {reason}")
        yield line


def _length(value: Value) -> int:
    if isinstance(value, Faulty):
        value = value.value
    return len(value) if isinstance(value, str) else 0


def _line_reason(line: Line, longest: int) -> str:
    """Return which limit a line exceeds and what to do, or ""."""
    if line.number > MAX_LINES:
        return (
            f"has more than {MAX_LINES:,} rows, with the empty ones. Delete the rows below the "
            "last one that you use."
        )
    if any(at >= MAX_COLUMNS and not is_blank(value) for at, value in line.cells.items()):
        return f"has more than {MAX_COLUMNS} columns. {_DELETE_COLUMNS}"
    if longest > MAX_CELL_CHARACTERS:
        return (
            f"has a cell with more than {MAX_CELL_CHARACTERS:,} characters in row {line.number}. "
            "Make it shorter."
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
