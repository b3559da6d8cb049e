"""CSV that a spreadsheet opens as it is meant: one table, its title, and no formula."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date

from recommendations.charts.table import Value

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """A cell that a spreadsheet reads as text, whatever it begins with."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def csv_lines(
    *, about: Iterable[str], head: Iterable[str], rows: Iterable[Iterable[Value]]
) -> Iterator[str]:
    """Line by line: what it is about, the head, the rows. Begins with the mark that Excel needs."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for line in about:
        yield writer.writerow([harmless(line)])
    yield writer.writerow(head)
    for row in rows:
        yield writer.writerow([as_text(cell) for cell in row])


def as_text(value: Value) -> str:
    """Numbers as they are, days as 2026-12-31, texts made harmless, nothing for no value."""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


class _Echo:
    """What a csv.writer writes into; it hands each line back."""

    def write(self, line: str) -> str:
        return line
