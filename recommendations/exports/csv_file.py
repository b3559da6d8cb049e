"""CSV files of one table, with its head in the first line, that are safe in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date

from recommendations.charts.table import Value

FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r")


def escape_formula(cell: str) -> str:
    """Return the cell so that a spreadsheet reads it as text, even if it looks like a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_PREFIXES) else cell


def csv_lines(*, head: Iterable[str], rows: Iterable[Iterable[Value]]) -> Iterator[str]:
    """Yield the byte order mark that Excel needs, then the head and the rows."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow(head)
    for row in rows:
        yield writer.writerow([_text(value) for value in row])


def _text(value: Value) -> str:
    if isinstance(value, str):
        return escape_formula(value)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


class _Echo:
    """A file for csv.writer that returns each line instead of storing it."""

    def write(self, line: str) -> str:
        return line
