"""Workbooks by the good-practice rules for statistics: cover, contents, notes, one table a sheet.

The rules: "Releasing statistics in spreadsheets", Government Analysis Function; kept by gptables.
"""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from recommendations.charts.table import Table, Value
from recommendations.exports.csv_file import harmless
from recommendations.exports.export import NOTE, SERVICE, Offer

NO_VALUE = "[z]"  # the shorthand of the Government Analysis Function for "not applicable"
NO_VALUE_WORDS = f"{NO_VALUE} stands where there is no value."
LONGEST_NAME = 31  # letters in a sheet's name


def workbook(offer: Offer, tables: list[Table]) -> bytes:
    """XLSX. The library is loaded here: it needs pandas, which most requests do not."""
    import gptables  # type: ignore[import-untyped]
    import pandas  # type: ignore[import-untyped]

    notes = _notes(tables)
    sheets = {
        sheet_name(place, each): gptables.GPTable(
            table=pandas.DataFrame(_rows(each), columns=each.head, dtype=object),
            table_name=each.name.replace("-", "_"),
            title="".join([_plain(each.title), *(f"$${_key(n)}$$" for n in _of(each, notes))]),
            subtitles=[_plain(line) for line in offer.about()[1:]],
            source=SERVICE,
            legend=[NO_VALUE_WORDS],
            index_columns={1: 0},
            additional_formatting=_date_columns(each),
        )
        for place, each in enumerate(tables, 1)
    }
    cover = gptables.Cover(
        title=_plain(offer.title),
        intro=[_plain(line) for line in offer.about()[1:]],
        about=[NO_VALUE_WORDS],
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tables.xlsx"
        gptables.write_workbook(
            filename=str(path),
            sheets=sheets,
            cover=cover,
            notes_table=pandas.DataFrame(
                {"Note reference": [_key(n) for n in range(len(notes))], "Note text": notes}
            ),
            workbook_options={"strings_to_formulas": False, "strings_to_urls": False},
        )
        return path.read_bytes()


def sheet_name(place: int, table: Table) -> str:
    """`1 Flags in 26 weeks`: unique, short, and without what a sheet's name must not hold."""
    allowed = "".join(letter for letter in table.title if letter not in "[]:*?/\\'")
    return f"{place} {allowed}"[:LONGEST_NAME].rstrip()


def filled(table: Table) -> list[list[Value]]:
    """The rows, with the shorthand where there is no value; a sheet of none says so."""
    rows = table.rows or [["There are no rows.", *[None] * (len(table.head) - 1)]]
    return [
        [NO_VALUE if value is None or not str(value).strip() else value for value in row]
        for row in rows
    ]


def _notes(tables: list[Table]) -> list[str]:
    return list(dict.fromkeys([NOTE, *(note for each in tables for note in each.notes)]))


def _of(table: Table, notes: list[str]) -> list[int]:
    return [place for place, note in enumerate(notes) if note == NOTE or note in table.notes]


def _key(place: int) -> str:
    return f"note{place + 1}"


def _rows(table: Table) -> list[list[Any]]:
    return [
        [_plain(value) if isinstance(value, str) else value for value in row]
        for row in filled(table)
    ]


def _plain(text: str) -> str:
    """Without what gptables reads as a note or a link or refuses, and no formula."""
    said = text.replace("$$", "$ $").replace("](", "] (")
    if not any(letter.isalnum() for letter in said):
        said = f"{said} (signs only)"
    return harmless(said)


def _date_columns(table: Table) -> list[dict[str, Any]]:
    columns = [
        head
        for place, head in enumerate(table.head)
        if any(isinstance(row[place], date) for row in table.rows)
    ]
    if not columns:
        return []
    return [{"column": {"columns": columns, "format": {"num_format": "d mmm yyyy"}}}]
