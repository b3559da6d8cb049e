"""CSV that a spreadsheet opens as it is meant: one table, its title, and no formula."""

import csv
from collections.abc import Iterable, Iterator

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """A cell that a spreadsheet reads as text, whatever it begins with."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def csv_lines(
    *, about: Iterable[str], head: Iterable[str], rows: Iterable[Iterable[str]]
) -> Iterator[str]:
    """Line by line: what it is about, the head, the rows. Begins with the mark that Excel needs."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for line in about:
        yield writer.writerow([harmless(line)])
    yield writer.writerow(head)
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


class _Echo:
    """What a csv.writer writes into; it hands each line back."""

    def write(self, line: str) -> str:
        return line
