"""Excel workbooks: cover, contents, notes, then one sheet for each table.

They follow "Releasing statistics in spreadsheets" of the Government Analysis Function, by means of
its library gptables.
"""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from recommendations.charts.table import Table
from recommendations.exports.export import SERVICE, Export
from recommendations.exports.sheets import (
    NO_VALUE_NOTE,
    STATUS_COLOURS,
    filled_rows,
    links,
    notes_of,
    sheet_name,
    status_columns,
)


def workbook(export: Export, tables: list[Table]) -> bytes:
    # Imported here because gptables imports pandas, which most requests do not need.
    import gptables  # type: ignore[import-untyped]
    import pandas  # type: ignore[import-untyped]

    note_keys = {note: f"note{number}" for number, note in enumerate(notes_of(tables), 1)}
    about = [_plain(line) for line in export.about()[1:]]
    sheets = {
        sheet_name(table): gptables.GPTable(
            table=pandas.DataFrame(_cells(table), columns=table.head, dtype=object),
            table_name=table.name.replace("-", "_"),
            title=_plain(table.title) + "".join(f"$${note_keys[n]}$$" for n in notes_of([table])),
            subtitles=about,
            source=SERVICE,
            legend=[NO_VALUE_NOTE],
            index_columns={1: 0},
            additional_formatting=_date_columns(table),
        )
        for table in tables
    }
    cover = gptables.Cover(title=_plain(export.title), intro=about, about=[NO_VALUE_NOTE])
    notes = {"Note reference": [*note_keys.values()], "Note text": [*note_keys]}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tables.xlsx"
        book = gptables.produce_workbook(
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
        for table in tables:
            _finish(book, sheet_name(table), table, edges=sheets[sheet_name(table)].data_range)
        book.close()
        return path.read_bytes()


def _finish(book: Any, name: str, table: Table, *, edges: list[int]) -> None:
    """Freeze the head and the first column, and colour the statuses as the heatmap does.

    `edges` are the first row, first column, last row and last column of the table, from 0.
    """
    sheet, (top, _, bottom, _) = book.get_worksheet_by_name(name), edges
    sheet.freeze_panes(top + 1, 1)
    for column in status_columns(table):
        for word, (background, text) in STATUS_COLOURS.items():
            colours = book.add_format({"bg_color": background, "font_color": text})
            rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": colours}
            sheet.conditional_format(top + 1, column, bottom, column, rule)


def _cells(table: Table) -> list[list[Any]]:
    """Return the rows as gptables takes them; a dictionary of text and address is a link."""
    rows: list[list[Any]] = [
        [_plain(value) if isinstance(value, str) else value for value in row]
        for row in filled_rows(table)
    ]
    for (row, column), address in links(table).items():
        rows[row][column] = {rows[row][column]: address}
    return rows


def _plain(text: str) -> str:
    """Return the text without what gptables reads as a note or link."""
    plain = text.replace("$$", "$ $").replace("](", "] (")
    if not any(letter.isalnum() for letter in plain):
        plain = f"{plain} (symbols only)"  # gptables does not accept these alone
    return plain


def _date_columns(table: Table) -> list[dict[str, Any]]:
    columns = [
        head
        for place, head in enumerate(table.head)
        if any(isinstance(row[place], date) for row in table.rows)
    ]
    if not columns:
        return []
    return [{"column": {"columns": columns, "format": {"num_format": "d mmm yyyy"}}}]
