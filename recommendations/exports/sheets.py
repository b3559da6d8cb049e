"""What XLSX and ODS files have in common: names, empty cells, links and the colours of statuses."""

from collections.abc import Mapping

from django.conf import settings
from django.urls import reverse

from recommendations.charts.table import Table, Value
from recommendations.dashboards.labels import STATES
from recommendations.exports.export import NOTE
from recommendations.rules import Status

NO_VALUE = "[z]"  # the shorthand of the Government Analysis Function
NO_VALUE_NOTE = f"{NO_VALUE} means not applicable."
MAX_SHEET_NAME_LENGTH = 31  # characters, a limit of Excel

# Background and text by the word of the status, as on the heatmap (static/scss/_settings.scss).
STATUS_COLOURS: Mapping[str, tuple[str, str]] = {
    STATES[status].word: colours
    for status, colours in {
        Status.IMPLEMENTED: ("#12436d", "#ffffff"),
        Status.EVIDENCE_SUBMITTED: ("#2073bc", "#ffffff"),
        Status.IN_PROGRESS: ("#cfe3f7", "#0b0c0c"),
        Status.WITHDRAWN: ("#cecece", "#0b0c0c"),
    }.items()
}


def sheet_name(table: Table) -> str:
    """Return the name of the sheet: that of the table, which stays the same, in words."""
    return table.name.replace("-", " ").capitalize()[:MAX_SHEET_NAME_LENGTH].rstrip()


def filled_rows(table: Table) -> list[list[Value]]:
    """Return the rows with [z] in empty cells; one row says so if the table has none."""
    rows = table.rows or [["There are no rows.", *[None] * (len(table.head) - 1)]]
    return [
        [NO_VALUE if value is None or not str(value).strip() else value for value in row]
        for row in rows
    ]


def notes_of(tables: list[Table]) -> list[str]:
    """Return the notes of the tables, each note once."""
    quotes = f"Quote a figure with a reference: {settings.BASE_URL.rstrip('/')}{reverse('quotes')}"
    return list(dict.fromkeys([NOTE, quotes, *(note for table in tables for note in table.notes)]))


def links(table: Table) -> dict[tuple[int, int], str]:
    """Return the address of the page of each row, by the row and its first column of text."""
    first = table.rows[0] if table.rows else []
    column = next((n for n, value in enumerate(first) if isinstance(value, str)), None)
    if column is None:
        return {}
    base = settings.BASE_URL.rstrip("/")
    return {(row, column): f"{base}{path}" for row, path in enumerate(table.paths) if path}


def status_columns(table: Table) -> list[int]:
    """Return the columns that hold nothing but statuses."""
    words = {state.word for state in STATES.values()}
    return [
        column
        for column in range(len(table.head))
        if {row[column] for row in table.rows} - {None}
        and {row[column] for row in table.rows} <= words | {None}
    ]
