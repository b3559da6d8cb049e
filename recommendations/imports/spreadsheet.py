"""Reads the rows of an uploaded spreadsheet, and explains why a file cannot be read."""

import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from recommendations.evidence.file_types import UnacceptableFile
from recommendations.evidence.isolation import run_isolated
from recommendations.imports import columns
from recommendations.imports.rows import ProblemCell, SpreadsheetRow
from recommendations.imports.sheets.layout import SheetLayout

MAX_ROWS = 10_000
MAX_MEGABYTES = 10
MAX_BYTES = MAX_MEGABYTES * 1024 * 1024
SHEET = "Updates"
_READER = "recommendations.imports.sheet_reader:read"

UPDATES_LAYOUT = SheetLayout(
    sheet=SHEET,
    headings=columns.HEADINGS,
    key_headings=frozenset({columns.BODY, columns.RECOMMENDATION}),
    other_headings=columns.FORMER_HEADINGS,
    unread_headings=columns.FOR_INFORMATION,
    max_rows=MAX_ROWS,
    max_megabytes=MAX_MEGABYTES,
)


@dataclass(frozen=True, kw_only=True)
class SheetContent:
    """The rows below the headings, without empty ones.

    `notes` are sentences about how the file was read. `month_first` is the name of a cell whose
    date has the month first, or "".
    """

    rows: list[SpreadsheetRow]
    notes: list[str] = field(default_factory=list)
    month_first: str = ""


def read_sheet(content: bytes, *, name: str, layout: SheetLayout = UPDATES_LAYOUT) -> SheetContent:
    """Read a file in a process of its own.

    Raises UnacceptableFile with a sentence if the file as a whole cannot be imported.
    """
    if not content:
        raise UnacceptableFile(f"“{name}” is empty.")
    if len(content) > layout.max_bytes:
        raise UnacceptableFile(f"“{name}” must be smaller than {layout.max_megabytes}MB. Split it.")
    expected = asdict(layout) | {"key_headings": list(layout.key_headings)}
    table = json.loads(run_isolated(_READER, content, name=name, layout=expected))
    rows = [
        SpreadsheetRow(
            number=number,
            cells={heading: _decoded(value) for heading, value in cells.items()},
            columns=table["columns"],
            is_hidden=is_hidden,
            problem=problem,
        )
        for number, cells, is_hidden, problem in table["rows"]
    ]
    return SheetContent(rows=rows, notes=table["notes"], month_first=table["month_first"])


def read_rows(
    content: bytes, *, name: str, layout: SheetLayout = UPDATES_LAYOUT
) -> list[SpreadsheetRow]:
    """Return only the rows of `read_sheet`."""
    return read_sheet(content, name=name, layout=layout).rows


def _decoded(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "problem" in value:
        return ProblemCell(value["problem"], is_blank=value["blank"])
    has_time = "T" in value["date"]
    return (datetime if has_time else date).fromisoformat(value["date"])
