"""OpenDocument spreadsheets: cover, contents, notes, one table a sheet."""

from datetime import date
from io import BytesIO
from typing import Any

from recommendations.charts.table import Table, Value
from recommendations.exports.csv_file import harmless
from recommendations.exports.export import NOTE, Offer
from recommendations.exports.workbook import NO_VALUE_WORDS, filled, sheet_name

_Row = list[Value]


def open_document(offer: Offer, tables: list[Table]) -> bytes:
    """ODS."""
    from odf.opendocument import OpenDocumentSpreadsheet  # type: ignore[import-untyped]
    from odf.style import Style, TextProperties  # type: ignore[import-untyped]

    document = OpenDocumentSpreadsheet()
    bold = Style(name="head", family="table-cell")
    bold.addElement(TextProperties(fontweight="bold"))
    document.automaticstyles.addElement(bold)
    names = [sheet_name(place, each) for place, each in enumerate(tables, 1)]
    notes = dict.fromkeys([NOTE, *(note for each in tables for note in each.notes)])
    sheets: list[tuple[str, list[_Row], int]] = [
        ("Cover", [[line] for line in offer.about()], 0),
        (
            "Contents",
            [["Sheet", "Table"], *_pairs(names, tables)],
            0,
        ),
        ("Notes", [[note] for note in ("Note", *notes, NO_VALUE_WORDS)], 0),
    ]
    for name, each in zip(names, tables, strict=True):
        about: list[_Row] = [[line] for line in offer.about(each.title)]
        sheets.append((name, [*about, [*each.head], *filled(each)], len(about)))
    for name, rows, head in sheets:
        document.spreadsheet.addElement(_sheet(name, rows, bold=bold, head=head))
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _pairs(names: list[str], tables: list[Table]) -> list[_Row]:
    return [[name, each.title] for name, each in zip(names, tables, strict=True)]


def _sheet(name: str, rows: list[_Row], *, bold: Any, head: int) -> Any:
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
    said = harmless(_writable(value)) if isinstance(value, str) else str(value)
    for line in said.split("\n"):
        cell.addElement(P(text=line))
    return cell


def _writable(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n")
