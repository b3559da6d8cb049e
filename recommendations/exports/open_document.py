"""OpenDocument spreadsheets: cover, contents, notes, then one sheet for each table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any

from recommendations.charts.table import Table, Value
from recommendations.exports.export import Export
from recommendations.exports.sheets import (
    NO_VALUE_NOTE,
    STATUS_COLOURS,
    filled_rows,
    links,
    notes_of,
    sheet_name,
)
from recommendations.prose import clean_prose

_HEAD, _DATE = "head", "date"  # styles
_VIEW_SETTINGS = "ooo:view-settings"
_FROZEN = 2  # the split mode of LibreOffice


@dataclass(frozen=True, kw_only=True)
class OdsSheet:
    """The rows of a sheet, the first of which is bold; row `head`, counted from 0, is its head.

    `choices` are the values that its columns, counted from 0, allow, below the head and in
    `empty_rows` more rows.
    """

    name: str
    rows: list[list[Value]]
    head: int = 0
    links: Mapping[tuple[int, int], str] = field(default_factory=dict)  # by row below the head
    frozen_columns: int = 0  # with the head; none of both if 0
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict)
    empty_rows: int = 0


def open_document(export: Export, tables: list[Table]) -> bytes:
    return spreadsheet(_sheets(export, tables))


def spreadsheet(sheets: list[OdsSheet]) -> bytes:
    """Return an ODS file."""
    from odf.opendocument import OpenDocumentSpreadsheet  # type: ignore[import-untyped]

    document = OpenDocumentSpreadsheet()
    styles = _add_styles(document)
    _add_choices(document, sheets)
    for sheet in sheets:
        document.spreadsheet.addElement(_sheet_element(sheet, styles))
    document.settings.addElement(_frozen_heads(sheets))
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _sheets(export: Export, tables: list[Table]) -> list[OdsSheet]:
    contents: list[list[Value]] = [[sheet_name(table), table.title] for table in tables]
    about: list[list[Value]] = [[line] for line in export.about()]
    notes: list[list[Value]] = [[note] for note in (*notes_of(tables), NO_VALUE_NOTE)]
    sheets = [
        OdsSheet(name="Cover", rows=about),
        OdsSheet(name="Contents", rows=[["Sheet", "Table"], *contents]),
        OdsSheet(name="Notes", rows=[["Note"], *notes]),
    ]
    for table in tables:
        lines: list[list[Value]] = [[line] for line in export.about(table.title)]
        rows: list[list[Value]] = [*lines, [*table.head], *filled_rows(table)]
        name = sheet_name(table)
        head = len(lines)
        sheet = OdsSheet(name=name, rows=rows, head=head, links=links(table), frozen_columns=1)
        sheets.append(sheet)
    return sheets


def _add_styles(document: Any) -> dict[str, Any]:
    """Return the styles of cells: of a head, of a date, and of each status by its word."""
    from odf.number import DateStyle, Day, Month, Text, Year  # type: ignore[import-untyped]
    from odf.style import Style, TableCellProperties, TextProperties  # type: ignore[import-untyped]

    styles = {_HEAD: Style(name=_HEAD, family="table-cell")}
    styles[_HEAD].addElement(TextProperties(fontweight="bold"))
    for number, (word, (background, text)) in enumerate(STATUS_COLOURS.items()):
        styles[word] = Style(name=f"status{number}", family="table-cell")
        styles[word].addElement(TableCellProperties(backgroundcolor=background))
        styles[word].addElement(TextProperties(color=text))
    format_ = DateStyle(name="day")
    for part in (Day(), Text(text=" "), Month(textual=True), Text(text=" "), Year(style="long")):
        format_.addElement(part)
    document.automaticstyles.addElement(format_)
    styles[_DATE] = Style(name=_DATE, family="table-cell", datastylename=format_)
    for style in styles.values():
        document.automaticstyles.addElement(style)
    return styles


def _sheet_element(sheet: OdsSheet, styles: Mapping[str, Any]) -> Any:
    from odf.table import Table as TableElement  # type: ignore[import-untyped]
    from odf.table import TableRow

    element = TableElement(name=sheet.name)
    for place, values in enumerate(sheet.rows):
        row = TableRow()
        is_head = place in (0, sheet.head)
        for column, value in enumerate(values):
            style = styles.get(
                _HEAD if is_head else _DATE if isinstance(value, date) else str(value)
            )
            link = sheet.links.get((place - sheet.head - 1, column), "")
            choice = "" if place <= sheet.head else _choice_name(sheet, column)
            row.addElement(_cell(value, style, link=link, choice=choice))
        element.addElement(row)
    if sheet.empty_rows:
        element.addElement(_empty_rows(sheet))
    return element


def _empty_rows(sheet: OdsSheet) -> Any:
    from odf.table import TableRow

    row = TableRow(numberrowsrepeated=sheet.empty_rows)
    for column in range(len(sheet.rows[sheet.head])):
        row.addElement(_cell(None, None, choice=_choice_name(sheet, column)))
    return row


def _choice_name(sheet: OdsSheet, column: int) -> str:
    return f"{sheet.name}-{column}" if column in sheet.choices else ""


def _add_choices(document: Any, sheets: list[OdsSheet]) -> None:
    """Add the drop-down lists of the sheets, which their cells name."""
    from odf.table import ContentValidation, ContentValidations

    validations = ContentValidations()
    for sheet in sheets:
        for column, values in sheet.choices.items():
            quoted = ";".join('"' + value.replace('"', '""') + '"' for value in values)
            validations.addElement(
                ContentValidation(
                    name=_choice_name(sheet, column),
                    condition=f"cell-content-is-in-list({quoted})",
                    allowemptycell="true",
                )
            )
    if validations.childNodes:
        document.spreadsheet.addElement(validations)


def _cell(value: Value, style: Any, *, link: str = "", choice: str = "") -> Any:
    from odf.table import TableCell
    from odf.teletype import addTextToElement  # type: ignore[import-untyped]
    from odf.text import A, P  # type: ignore[import-untyped]

    options = {"stylename": style} if style is not None else {}
    if choice:
        options["contentvalidationname"] = choice
    if value is None:
        return TableCell(**options)
    if isinstance(value, date):
        cell = TableCell(valuetype="date", datevalue=value.isoformat(), **options)
    elif isinstance(value, int | float):
        cell = TableCell(valuetype="float", value=value, **options)
    else:
        cell = TableCell(valuetype="string", **options)
    text = clean_prose(value) if isinstance(value, str) else str(value)
    for line in text.split("\n"):
        paragraph = P()
        place = A(type="simple", href=link) if link else paragraph
        addTextToElement(place, line)  # keeps spaces and tabs, which XML would join
        if link:
            paragraph.addElement(place)
        cell.addElement(paragraph)
    return cell


def _frozen_heads(sheets: list[OdsSheet]) -> Any:
    """Return the settings that freeze the head and the first column of each table."""
    from odf.config import (  # type: ignore[import-untyped]
        ConfigItem,
        ConfigItemMapEntry,
        ConfigItemMapIndexed,
        ConfigItemMapNamed,
        ConfigItemSet,
    )

    tables = ConfigItemMapNamed(name="Tables")
    for sheet in sheets:
        if not sheet.frozen_columns:
            continue
        entry = ConfigItemMapEntry(name=sheet.name)
        for name, number in {
            "HorizontalSplitMode": _FROZEN,
            "VerticalSplitMode": _FROZEN,
            "HorizontalSplitPosition": sheet.frozen_columns,
            "VerticalSplitPosition": sheet.head + 1,
            "PositionRight": sheet.frozen_columns,
            "PositionBottom": sheet.head + 1,
        }.items():
            kind = "short" if name.endswith("Mode") else "int"
            entry.addElement(ConfigItem(name=name, type=kind, text=str(number)))
        tables.addElement(entry)
    view = ConfigItemMapEntry()
    view.addElement(ConfigItem(name="ViewId", type="string", text="view1"))
    view.addElement(tables)
    views = ConfigItemMapIndexed(name="Views")
    views.addElement(view)
    settings = ConfigItemSet(name=_VIEW_SETTINGS)
    settings.addElement(views)
    return settings
