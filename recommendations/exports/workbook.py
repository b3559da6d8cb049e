"""Excel workbooks: cover, contents, notes, then one sheet for each table.

They follow "Releasing statistics in spreadsheets" of the Government Analysis Function, by means of
its library gptables.
"""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from recommendations.charts.table import Table, Value
from recommendations.exports.csv_file import escape_formula
from recommendations.exports.export import NOTE, SERVICE, Export

NO_VALUE = "[z]"  # the shorthand of the Government Analysis Function
NO_VALUE_NOTE = f"{NO_VALUE} means not applicable."
MAX_SHEET_NAME_LENGTH = 31  # characters, a limit of Excel


def workbook(export: Export, tables: list[Table]) -> bytes:
    # Imported here because gptables imports pandas, which most requests do not need.
    import gptables  # type: ignore[import-untyped]
    import pandas  # type: ignore[import-untyped]

    note_keys = {note: f"note{number}" for number, note in enumerate(notes_of(tables), 1)}
    about = [_plain(line) for line in export.about()[1:]]
    sheets = {
        sheet_name(place, table): gptables.GPTable(
            table=pandas.DataFrame(_plain_rows(table), columns=table.head, dtype=object),
            table_name=table.name.replace("-", "_"),
            title=_plain(table.title) + "".join(f"$${note_keys[n]}$$" for n in notes_of([table])),
            subtitles=about,
            source=SERVICE,
            legend=[NO_VALUE_NOTE],
            index_columns={1: 0},
            additional_formatting=_date_columns(table),
        )
        for place, table in enumerate(tables, 1)
    }
    cover = gptables.Cover(title=_plain(export.title), intro=about, about=[NO_VALUE_NOTE])
    notes = {"Note reference": [*note_keys.values()], "Note text": [*note_keys]}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tables.xlsx"
        gptables.write_workbook(
            filename=str(path),
            sheets=sheets,
            cover=cover,
            notes_table=pandas.DataFrame(notes),
            workbook_options={
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "tmpdir": folder,  # so that no file is left if the disk is full
            },
        )
        return path.read_bytes()


def sheet_name(place: int, table: Table) -> str:
    """Return a unique, valid sheet name, such as `1 Flags in 26 weeks`."""
    allowed = "".join(letter for letter in table.title if letter not in "[]:*?/\\'")
    return f"{place} {allowed}"[:MAX_SHEET_NAME_LENGTH].rstrip()


def filled_rows(table: Table) -> list[list[Value]]:
    """Return the rows with [z] in empty cells; one row says so if the table has none."""
    rows = table.rows or [["There are no rows.", *[None] * (len(table.head) - 1)]]
    return [
        [NO_VALUE if value is None or not str(value).strip() else value for value in row]
        for row in rows
    ]


def notes_of(tables: list[Table]) -> list[str]:
    """Return the notes of the tables, each note once."""
    return list(dict.fromkeys([NOTE, *(note for table in tables for note in table.notes)]))


def _plain_rows(table: Table) -> list[list[Any]]:
    return [
        [_plain(value) if isinstance(value, str) else value for value in row]
        for row in filled_rows(table)
    ]


def _plain(text: str) -> str:
    """Return the text without formulas and without what gptables reads as a note or link."""
    plain = text.replace("$$", "$ $").replace("](", "] (")
    if not any(letter.isalnum() for letter in plain):
        plain = f"{plain} (symbols only)"  # gptables does not accept these alone
    return escape_formula(plain)


def _date_columns(table: Table) -> list[dict[str, Any]]:
    columns = [
        head
        for place, head in enumerate(table.head)
        if any(isinstance(row[place], date) for row in table.rows)
    ]
    if not columns:
        return []
    return [{"column": {"columns": columns, "format": {"num_format": "d mmm yyyy"}}}]
