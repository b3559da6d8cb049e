"""Reads the sheets of an OpenDocument spreadsheet row by row, with limits on repeated cells.

The caller has checked the file: `inspect_office` limits its size and depth and refuses entities.
odfpy is not used: it builds the whole document in memory and leaves repeated cells to its caller.
"""

import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, iterparse  # nosec B405 # checked before, see above

from recommendations.imports.sheets.grid import (
    Faulty,
    Line,
    Sheet,
    Value,
    address,
    formula,
    merged,
    part_of_date,
    stored_day,
)

_CONTENT = "content.xml"
_HIDDEN = {"collapse", "filter"}
_CELLS = {"table-cell", "covered-table-cell"}
_MAX_REPEATED = 20_000  # of one row with values, one value, or one space
_SKIPPED = {"annotation", "ruby-text", "note", "frame", "shapes"}
_NUMBERS = {"float", "percentage", "currency"}


class DamagedDocument(ValueError):
    """The file is not as an office program writes it."""


def read_sheets(archive: zipfile.ZipFile, *, max_columns: int) -> list[Sheet]:
    """Return the sheets in their order. Raises DamagedDocument, also while lines are read.

    A value in more cells than `max_columns` counts for the first one after them, too.
    """
    try:
        hidden_styles, found = set(), []
        for event, element in _events(archive):
            tag = _local(element.tag)
            if event == "start" and tag == "table":
                found.append((_attribute(element, "name"), _attribute(element, "style-name")))
            elif event == "end" and tag == "style":
                if any(_attribute(child, "display") == "false" for child in element):
                    hidden_styles.add(_attribute(element, "name"))
            elif event == "end" and tag == "table-row":
                element.clear()
    except (KeyError, ValueError, SyntaxError, zipfile.BadZipFile) as error:
        raise DamagedDocument(str(error)) from error
    sheets = []
    for place, (name, style) in enumerate(found):
        sheet = Sheet(name=name, lines=iter(()), is_hidden=style in hidden_styles)
        sheet.lines = _lines(archive, place, sheet, max_columns)
        sheets.append(sheet)
    return sheets


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _attribute(element: Element, name: str) -> str:
    return next((text for key, text in element.attrib.items() if _local(key) == name), "")


def _count(element: Element, name: str) -> int:
    return max(1, int(_attribute(element, name) or 1))


def _events(archive: zipfile.ZipFile) -> Iterator[tuple[str, Any]]:
    with archive.open(_CONTENT) as opened:
        yield from iterparse(opened, events=("start", "end"))  # noqa: S314  # nosec B314 # in a process of its own


def _lines(archive: zipfile.ZipFile, place: int, sheet: Sheet, max_columns: int) -> Iterator[Line]:
    number, column, current, hidden_groups = 0, 0, -1, 0
    try:
        for event, element in _events(archive):
            tag = _local(element.tag)
            if event == "start":
                current += tag == "table"
                hidden_groups += _is_hidden_group(tag, element)
                continue
            hidden_groups -= _is_hidden_group(tag, element)
            if tag == "table" and current == place:
                return
            if tag == "table-column" and current == place:
                column = _add_column(sheet, element, column)
            elif tag == "table-row":
                if current == place:
                    yield from _rows(element, number, hidden_groups > 0, max_columns)
                    number += _count(element, "number-rows-repeated")
                element.clear()
    except (KeyError, ValueError, SyntaxError, zipfile.BadZipFile) as error:
        raise DamagedDocument(str(error)) from error


def _is_hidden_group(tag: str, element: Element) -> bool:
    return tag == "table-row-group" and _attribute(element, "display") == "false"


def _add_column(sheet: Sheet, element: Element, column: int) -> int:
    """Note whether these columns are hidden. Return the number of the next one."""
    after = column + _count(element, "number-columns-repeated")
    if _attribute(element, "visibility") in _HIDDEN:
        sheet.hidden_columns.update(range(column, min(after, 16_384)))
    return after


def _rows(element: Element, number: int, is_hidden: bool, max_columns: int) -> Iterator[Line]:
    repeated = _count(element, "number-rows-repeated")
    is_hidden = is_hidden or _attribute(element, "visibility") in _HIDDEN
    for copy in range(1, min(repeated, _MAX_REPEATED + 1) + 1):
        line = _line(element, number + copy, is_hidden, max_columns)
        if not any(value is not None for value in line.cells.values()):
            return
        yield line


def _line(row: Element, number: int, is_hidden: bool, max_columns: int) -> Line:
    line, column = Line(number, {}, is_hidden), 0
    for cell in row:
        if _local(cell.tag) not in _CELLS:
            continue
        repeated = _count(cell, "number-columns-repeated")
        for at in range(column, min(column + repeated, max_columns + 1)):
            line.stored_cells += 1
            value = _value(cell, address(number, at))
            if value is None:
                break
            line.cells[at] = value
        else:
            if column > max_columns and (value := _value(cell, address(number, column))):
                line.cells[column] = value
        column += repeated
    return line


def _value(cell: Element, name: str) -> Value:
    if _local(cell.tag) == "covered-table-cell":
        return merged(name)
    stored = _stored(cell, name)
    if not _attribute(cell, "formula"):
        return stored
    return formula(stored.value if isinstance(stored, Faulty) else stored, name)


def _stored(cell: Element, name: str) -> Value:
    """Return the value of a cell, or the last result of its formula."""
    kinds = [text for key, text in cell.attrib.items() if _local(key) == "value-type"]
    kind, shown = kinds[0] if kinds else "", _shown(cell)
    if "error" in kinds:
        return Faulty(
            shown or None, f"has the error {shown} in cell {name}. Replace it with a value"
        )
    if kind in _NUMBERS:
        number = float(_attribute(cell, "value"))
        return int(number) if number.is_integer() and abs(number) < 10**15 else number
    if kind == "date":
        return _date(_attribute(cell, "date-value"), shown, name)
    if kind == "time":
        return Faulty(shown, f"has a time in cell {name}. Enter a date, like 31/12/2026")
    if kind == "boolean":
        return _attribute(cell, "boolean-value") == "true"
    return shown or _attribute(cell, "string-value") or None


def _date(stored: str, shown: str, name: str) -> Value:
    on = stored_day(stored)
    if isinstance(on, str) or not shown:
        return on
    numbers = [int(number) for number in re.findall(r"\d+", shown)]
    is_whole = on.day in numbers and (on.year in numbers or on.year % 100 in numbers)
    return on if is_whole else part_of_date(on, name)


def _shown(cell: Element) -> str:
    """Return the text of a cell: its paragraphs, a line each."""
    return "\n".join(_text(child) for child in cell if _local(child.tag) in {"p", "h"})


def _text(element: Element) -> str:
    pieces = [element.text or ""]
    for child in element:
        tag = _local(child.tag)
        if tag == "s":
            pieces.append(" " * min(_count(child, "c"), _MAX_REPEATED))
        elif tag in {"tab", "line-break"}:
            pieces.append("\t" if tag == "tab" else "\n")
        elif tag not in _SKIPPED:
            pieces.append(_text(child))
        pieces.append(child.tail or "")
    return "".join(pieces)
