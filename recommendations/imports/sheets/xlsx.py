"""Reads the sheets of an XLSX file, transitional or strict, whatever size they claim to have.

The caller has checked the file: `inspect_office` limits the size and depth of its parts, and
refuses entities. openpyxl is not used, because it drops rows and cells that are out of order,
confuses escaped text with escapes, hides what is hidden and does not read strict files.
"""

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any
from xml.etree.ElementTree import Element, iterparse  # nosec B405 # checked before, see above

from recommendations.imports.sheets.grid import (
    Faulty,
    Line,
    Sheet,
    Value,
    address,
    area,
    formula,
    position,
    stored_day,
)
from recommendations.imports.sheets.xlsx_values import (
    Kind,
    NumberFormat,
    built_in_format,
    dated,
    number_format,
    unescape,
)

_TRUE = {"1", "true"}
_PHONETIC = {"rPh", "phoneticPr"}
_MAX_AREAS = 100_000


class DamagedWorkbook(ValueError):
    """The file is not as an office program writes it."""


@dataclass(frozen=True)
class _Book:
    archive: zipfile.ZipFile
    strings: list[str]
    formats: list[NumberFormat]
    is_1904: bool


def read_sheets(archive: zipfile.ZipFile) -> list[Sheet]:
    """Return the worksheets in their order. Raises DamagedWorkbook, also while lines are read."""
    try:
        workbook = _target(_relationships(archive, ""), "officeDocument")
        links = _relationships(archive, workbook)
        elements = list(_elements(archive, workbook))
        book = _Book(
            archive=archive,
            strings=list(_strings(archive, _target(links, "sharedStrings", default=""))),
            formats=_formats(archive, _target(links, "styles", default="")),
            is_1904=any(
                _local(element.tag) == "workbookPr" and element.get("date1904") in _TRUE
                for element in elements
            ),
        )
        sheets = [element for element in elements if _local(element.tag) == "sheet"]
        return [
            _sheet(book, element, links[relation][1])
            for element in sheets
            if (relation := _id(element)) in links and links[relation][0] == "worksheet"
        ]
    except (KeyError, ValueError, IndexError, SyntaxError, zipfile.BadZipFile) as error:
        raise DamagedWorkbook(str(error)) from error


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _id(element: Element) -> str:
    """Return the relationship of an element: its only attribute `id` of another namespace."""
    return next((text for key, text in element.attrib.items() if key.endswith("}id")), "")


def _open(archive: zipfile.ZipFile, part: str) -> IO[bytes]:
    """Open a part. Some programs write its name in other letters (upper case) elsewhere."""
    names = {name.lower(): name for name in archive.namelist()}
    return archive.open(names[part.lower()])


def _elements(archive: zipfile.ZipFile, part: str) -> Iterator[Element]:
    with _open(archive, part) as opened:
        for _, element in iterparse(opened):  # noqa: S314  # nosec B314 # in a process of its own
            yield element


def _relationships(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Return kind and part by the id of the relationship; of the package, if `part` is ""."""
    folder, _, name = part.rpartition("/")
    found = {}
    for element in _elements(archive, posixpath.join(folder, "_rels", f"{name}.rels")):
        if _local(element.tag) == "Relationship":
            target = posixpath.normpath(posixpath.join("/", folder, element.get("Target", "")))
            kind = element.get("Type", "").rpartition("/")[2]
            found[element.get("Id", "")] = (kind, target.lstrip("/"))
    return found


def _target(links: Mapping[str, tuple[str, str]], kind: str, *, default: str | None = None) -> str:
    targets = [target for found, target in links.values() if found == kind]
    if not targets and default is None:
        raise DamagedWorkbook(f"there is no {kind}")
    return targets[0] if targets else default or ""


def _strings(archive: zipfile.ZipFile, part: str) -> Iterator[str]:
    if not part:
        return
    for element in _elements(archive, part):
        if _local(element.tag) == "si":
            yield _text(element)
            element.clear()


def _text(element: Element) -> str:
    """Return the text of a string, of all its runs, without hints for pronunciation."""
    pieces = []
    for child in element:
        tag = _local(child.tag)
        if tag == "t":
            pieces.append(unescape(child.text or ""))
        elif tag not in _PHONETIC:
            pieces.append(_text(child))
    return "".join(pieces)


def _formats(archive: zipfile.ZipFile, part: str) -> list[NumberFormat]:
    """Return the number format of each cell style."""
    if not part:
        return []
    codes: dict[int, NumberFormat] = {}
    styles: list[int] = []
    for element in _elements(archive, part):
        tag = _local(element.tag)
        if tag == "numFmt":
            code = number_format(element.get("formatCode", ""))
            codes[int(element.get("numFmtId", "0"))] = code
        elif tag == "cellXfs":
            styles = [int(style.get("numFmtId", "0")) for style in element]
    return [codes.get(number) or built_in_format(number) for number in styles]


def _sheet(book: _Book, element: Element, part: str) -> Sheet:
    is_hidden = element.get("state", "visible") != "visible"
    sheet = Sheet(name=element.get("name", ""), lines=iter(()), is_hidden=is_hidden)
    sheet.lines = _lines(book, part, sheet)
    return sheet


def _lines(book: _Book, part: str, sheet: Sheet) -> Iterator[Line]:
    """Yield the rows. What comes after them in the file is put in `sheet`."""
    number, data = 0, None
    try:
        with _open(book.archive, part) as opened:
            for event, element in iterparse(  # noqa: S314  # nosec B314 # in a process of its own
                opened, events=("start", "end")
            ):
                tag = _local(element.tag)
                if event == "start":
                    data = element if tag == "sheetData" else data
                elif tag == "row":
                    last, number = number, int(element.get("r") or number + 1)
                    if number <= last:
                        raise DamagedWorkbook("rows are out of order")
                    yield _line(book, sheet, element, number)
                    if data is not None:
                        data.clear()
                else:
                    _add_property(sheet, tag, element)
    except (KeyError, ValueError, IndexError, SyntaxError, zipfile.BadZipFile) as error:
        raise DamagedWorkbook(str(error)) from error


def _add_property(sheet: Sheet, tag: str, element: Element) -> None:
    if tag == "col" and (element.get("hidden") in _TRUE or _is_zero(element.get("width"))):
        first, last = int(element.get("min", "1")), int(element.get("max", "1"))
        sheet.hidden_columns.update(range(first - 1, min(last, 16_384)))
    elif tag == "mergeCell" and len(sheet.merged) < _MAX_AREAS:
        sheet.merged.append(area(element.get("ref", "")))


def _is_zero(size: str | None) -> bool:
    return size is not None and float(size) == 0


def _line(book: _Book, sheet: Sheet, row: Element, number: int) -> Line:
    is_hidden = row.get("hidden") in _TRUE or _is_zero(row.get("ht"))
    line, column = Line(number, {}, is_hidden), -1
    for cell in row:
        if _local(cell.tag) != "c":
            continue
        last, name = column, cell.get("r")
        at_row, column = position(name) if name else (number, column + 1)
        if at_row != number or column <= last:
            raise DamagedWorkbook("cells are out of order")
        line.stored_cells += 1
        value = _value(book, sheet, cell, number, column)
        if value is not None:
            line.cells[column] = value
    return line


def _value(book: _Book, sheet: Sheet, cell: Element, row: int, column: int) -> Value:
    parts = {_local(child.tag): child for child in cell}
    if not parts:
        return None
    name, stored = address(row, column), _stored(book, sheet, cell, parts, row, column)
    if "f" not in parts:
        return stored
    reference = parts["f"].get("ref")
    if reference and parts["f"].get("t") != "shared" and len(sheet.spilled) < _MAX_AREAS:
        sheet.spilled.append(area(reference))
    return formula(stored.value if isinstance(stored, Faulty) else stored, name)


def _stored(
    book: _Book, sheet: Sheet, cell: Element, parts: dict[str, Any], row: int, column: int
) -> Value:
    """Return the value of a cell, or the last result of its formula."""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _text(parts["is"]) if "is" in parts else None
    text = (parts["v"].text or "") if "v" in parts else ""
    if not text:
        return None
    if kind == "s":
        return book.strings[int(text)]
    if kind == "str":
        return unescape(text)
    if kind == "b":
        return text in _TRUE
    if kind == "e":
        error = f"has the error {text} in cell {address(row, column)}. Replace it with a value"
        return Faulty(text, error)
    if kind == "d":
        return stored_day(text)
    return _number(book, sheet, cell, text, row, column)


def _number(book: _Book, sheet: Sheet, cell: Element, text: str, row: int, column: int) -> Value:
    number = float(text)
    if number.is_integer() and abs(number) < 10**15:
        number = int(number)
    style = int(cell.get("s", "0"))
    shown = book.formats[style] if style < len(book.formats) else NumberFormat()
    if shown.kind is Kind.NUMBER:
        return number
    if shown.is_month_first:
        sheet.month_first.setdefault(column, address(row, column))
    return dated(number, shown, address(row, column), is_1904=book.is_1904)
