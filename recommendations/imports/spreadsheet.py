"""Reads the rows of an uploaded spreadsheet, and explains why a file cannot be read."""

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from recommendations.evidence.file_types import UnacceptableFile
from recommendations.evidence.isolation import run_isolated
from recommendations.imports import columns
from recommendations.imports.sheet_reader import SheetLayout

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
    max_rows=MAX_ROWS,
    max_megabytes=MAX_MEGABYTES,
)


def read_rows(
    content: bytes, *, name: str, layout: SheetLayout = UPDATES_LAYOUT
) -> list[columns.SpreadsheetRow]:
    """Return the rows below the headings, without empty ones. Reads in a process of its own.

    Raises UnacceptableFile with a sentence if the file as a whole cannot be imported.
    """
    if not content:
        raise UnacceptableFile(f"“{name}” is empty.")
    if len(content) > layout.max_bytes:
        raise UnacceptableFile(f"“{name}” must be smaller than {layout.max_megabytes}MB. Split it.")
    expected = asdict(layout) | {"key_headings": list(layout.key_headings)}
    rows = json.loads(run_isolated(_READER, content, name=name, layout=expected))
    return [
        columns.SpreadsheetRow(
            number, {heading: _decoded(value) for heading, value in cells.items()}
        )
        for number, cells in rows
    ]


def _decoded(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    has_time = "T" in value["date"]
    return (datetime if has_time else date).fromisoformat(value["date"])
