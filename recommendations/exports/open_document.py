"""OpenDocument spreadsheets: cover, contents, notes, then one sheet for each table."""

from datetime import date
from io import BytesIO
from typing import Any

from recommendations.charts.table import Table, Value
from recommendations.exports.csv_file import escape_formula
from recommendations.exports.export import Export
from recommendations.exports.workbook import NO_VALUE_NOTE, filled_rows, notes_of, sheet_name
from recommendations.prose import clean_prose

_Row = list[Value]


def open_document(export: Export, tables: list[Table]) -> bytes:
    from odf.opendocument import OpenDocumentSpreadsheet  # type: ignore[import-untyped]
    from odf.style import Style, TextProperties  # type: ignore[import-untyped]

    document = OpenDocumentSpreadsheet()
    bold = Style(name="head", family="table-cell")
    bold.addElement(TextProperties(fontweight="bold"))
    document.automaticstyles.addElement(bold)
    contents: list[_Row] = [["Sheet", "Table"]]
    table_sheets: list[tuple[str, list[_Row], int]] = []
    for place, table in enumerate(tables, 1):
        name = sheet_name(place, table)
        about: list[_Row] = [[line] for line in export.about(table.title)]
        contents.append([name, table.title])
        table_sheets.append((name, [*about, [*table.head], *filled_rows(table)], len(about)))
    sheets: list[tuple[str, list[_Row], int]] = [
        ("Cover", [[line] for line in export.about()], 0),
        ("Contents", contents, 0),
        ("Notes", [[note] for note in ("Note", *notes_of(tables), NO_VALUE_NOTE)], 0),
        *table_sheets,
    ]
    for name, rows, head in sheets:
        document.spreadsheet.addElement(_sheet(name, rows, bold=bold, head=head))
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _sheet(name: str, rows: list[_Row], *, bold: Any, head: int) -> Any:
    """Return a sheet whose first row and row `head`, counted from 0, are bold."""
    from odf.table import Table as Sheet  # type: ignore[import-untyped]
    from odf.table import TableRow

    sheet = Sheet(name=name)
    for place, values in enumerate(rows):
        row = TableRow()
        for value in values:
            row.addElement(_cell(value, bold if place in (0, head) else None))
        sheet.addElement(row)
    return sheet


def _cell(value: Value, style: Any) -> Any:
    from odf.table import TableCell
    from odf.text import P  # type: ignore[import-untyped]

    options = {"stylename": style} if style is not None else {}
    if value is None:
        return TableCell(**options)
    if isinstance(value, date):
        cell = TableCell(valuetype="date", datevalue=value.isoformat(), **options)
    elif isinstance(value, int | float):
        cell = TableCell(valuetype="float", value=value, **options)
    else:
        cell = TableCell(valuetype="string", **options)
    text = escape_formula(clean_prose(value)) if isinstance(value, str) else str(value)
    for line in text.split("\n"):
        cell.addElement(P(text=line))
    return cell
