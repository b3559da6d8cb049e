"""An export: the tables and charts of a page as files, and the lines that describe them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from recommendations.charts.table import Table
from recommendations.exports.csv_file import csv_lines
from recommendations.models import Inspection
from recommendations.positions.figures import FIGURES
from recommendations.wording import lower_first

SERVICE = "County lines recommendations tracker"
DEMONSTRATION_NOTICE = "Demonstration data: all of it is made up."
NOTE = (
    f"Overdue: {lower_first(FIGURES['overdue'].definition)} A due date lasts until the end of that "
    "day in London."
)
ASK_NOTE = (
    "What forces are asked to do, and when that counts as done, is this register's expectation of "
    "forces, in our words. It is not in the report."
)

# At the end of each line of a CSV file, which has no place for a description.
CSV_COLUMNS = ["Position on", "Demonstration data"]


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """One chart as an image: `template`, of templates/charts/, renders `chart`."""

    name: str
    title: str
    template: str
    chart: Any
    width: int
    height: int
    words: str = ""  # the key, where the page has it in text next to the chart


@dataclass(frozen=True, kw_only=True)
class Export:
    """The tables and drawings of a page. `name` is the start of the file names."""

    name: str
    title: str
    inspection: Inspection
    position: str  # "Position at the end of 1 October 2026"
    on: date  # the London day of the position
    filter: str = ""  # in words; empty if nothing is filtered out
    tables: list[Table]
    drawings: list[Drawing] = field(default_factory=list)

    def about(self, title: str = "") -> list[str]:
        lines = [
            title or self.title,
            f"{SERVICE}: {self.inspection.title}",
            self.position,
            f"Filter: {self.filter or 'none'}",
        ]
        return [*lines, DEMONSTRATION_NOTICE] if self.inspection.is_synthetic else lines

    def table(self, name: str) -> Table | None:
        return next((table for table in self.tables if table.name == name), None)

    def drawing(self, name: str) -> Drawing | None:
        return next((drawing for drawing in self.drawings if drawing.name == name), None)

    def csv_head(self, table: Table) -> list[str]:
        return [*table.head, *CSV_COLUMNS]

    def csv_lines(self, table: Table) -> Iterator[str]:
        more = [self.on, "Yes" if self.inspection.is_synthetic else "No"]
        return csv_lines(head=self.csv_head(table), rows=([*row, *more] for row in table.rows))

    def file_name(self, name: str, kind: str) -> str:
        """Return the name of the file of a table or drawing, such as `forces-2026-10-01.csv`."""
        prefix = name if name == self.name else f"{self.name}-{name}"
        return dated_file_name(prefix, self.inspection, on=self.on, kind=kind)


def dated_file_name(prefix: str, inspection: Inspection | None, *, on: date, kind: str) -> str:
    """Return the prefix with the London day, and that the data is made up if it is.

    Of another inspection than the first it begins with its slug.
    """
    if inspection is not None and not inspection.is_first:
        prefix = f"{inspection.slug}-{prefix}"
    label = "-demonstration" if inspection is not None and inspection.is_synthetic else ""
    return f"{prefix}-{on.isoformat()}{label}.{kind}"
