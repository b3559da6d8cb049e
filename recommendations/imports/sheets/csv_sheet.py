"""Reads the rows of a CSV file: its separator is the one with which its headings are found."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from itertools import islice

from recommendations.exports.csv_file import FORMULA_PREFIXES
from recommendations.imports.sheets.grid import Line, Sheet, Value, address, formula

_SEPARATORS = ",;\t|"
_NAMED_SEPARATOR = re.compile(r'\s*"?sep=(\\t|.)"?[,;\t]*\s*$', re.IGNORECASE)
_QUOTED_TEXT = re.compile(r'="([^"]*)"')
_FORMULA = re.compile(r"=[\w\"'(+\-@$\[{#]")
_SPACE_BEFORE_QUOTE = re.compile(r'[,;\t|] +"')
_HEAD_CHARACTERS = 100_000
# What some programs write of a line end of Excel. Elsewhere in a text it is what somebody typed.
_WRITTEN_LINE_END = re.compile(r"_x000D_(?=\r?\n|\Z)", re.IGNORECASE)

CountHeadings = Callable[[list[str]], int]


class InvalidCsv(ValueError):
    """The file is not CSV. The message completes “The file ...”."""


def read_sheet(text: str, *, count_headings: CountHeadings, max_lines: int) -> Sheet:
    """Return the only sheet. `count_headings` returns how many headings a line has.

    Raises InvalidCsv while lines are read.
    """
    first, _, rest = text.partition("\n") if "\n" in text else text.partition("\r")
    named = _NAMED_SEPARATOR.match(first[:100])
    skipped = 0
    if named:
        text, skipped = rest, 1
        separator = "\t" if named[1] == "\\t" else named[1]
    else:
        separator = _separator(text, count_headings, max_lines)
    return Sheet(name="", lines=_lines(text, separator, skipped))


def _separator(text: str, count_headings: CountHeadings, max_lines: int) -> str:
    """Return the separator with the most headings in one line, or else the one used most."""
    head = text[:_HEAD_CHARACTERS]
    found = dict.fromkeys(_SEPARATORS, 0)
    for separator in _SEPARATORS:
        try:
            for cells in islice(_reader(head, separator, is_strict=False), max_lines):
                found[separator] = max(found[separator], count_headings(cells))
        except csv.Error:
            continue
    first = next((line for line in head.splitlines() if line.strip()), "")
    return max(_SEPARATORS, key=lambda separator: (found[separator], first.count(separator)))


def _reader(text: str, separator: str, *, is_strict: bool = True) -> Iterator[list[str]]:
    return csv.reader(
        io.StringIO(text, newline=""),
        delimiter=separator,
        skipinitialspace=_SPACE_BEFORE_QUOTE.search(text[:_HEAD_CHARACTERS]) is not None,
        strict=is_strict,
    )


def _lines(text: str, separator: str, skipped: int) -> Iterator[Line]:
    number = skipped
    try:
        for number, cells in enumerate(_reader(text, separator), start=skipped + 1):
            values = {
                place: _cell(cell, address(number, place))
                for place, cell in enumerate(cells)
                if cell
            }
            yield Line(number, values, stored_cells=len(cells))
    except csv.Error:
        raise InvalidCsv(
            f"cannot be read as CSV after line {number}. Check the quotation marks there, or save "
            "it as .xlsx."
        ) from None


def _cell(cell: str, name: str) -> Value:
    """Return the cell without the apostrophe that `csv_file.escape_formula` adds.

    Some programs write `="5"`, so that Excel takes it for text.
    """
    if cell.startswith("'") and cell[1:].startswith(FORMULA_PREFIXES):
        cell = cell[1:]
    elif match := _QUOTED_TEXT.fullmatch(cell):
        cell = match[1]
    elif _FORMULA.match(cell):
        return formula(cell, name)
    return _WRITTEN_LINE_END.sub("", cell) if "_x000" in cell else cell
