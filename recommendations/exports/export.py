"""What can be taken away from a page: its tables and its drawings, and what they are about."""

from dataclasses import dataclass, field
from typing import Any

from recommendations.charts.table import Table
from recommendations.models import Inspection

SERVICE = "County lines recommendations tracker"
SYNTHETIC = "Demonstration data: all of it is made up."
NOTE = (
    "Overdue: the due date has passed, and the recommendation is neither implemented nor withdrawn "
    "nor waits for review. Due dates end with their day in London."
)


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """`template` in templates/charts/ draws `chart`."""

    name: str
    title: str
    template: str
    chart: Any
    width: int
    height: int
    words: str = ""  # what the page says beside it, where the drawing needs them


@dataclass(frozen=True, kw_only=True)
class Offer:
    """`name` begins the names of its files."""

    name: str
    title: str
    inspection: Inspection
    position: str  # "Position at the end of 1 October 2026"
    filter: str  # in words; empty: nothing is left out
    tables: list[Table]
    drawings: list[Drawing] = field(default_factory=list)

    def about(self, title: str = "") -> list[str]:
        """What stands at the head of every file."""
        lines = [title or self.title, f"{SERVICE}: {self.inspection.title}", self.position]
        lines.append(f"Filter: {self.filter or 'none'}")
        return [*lines, SYNTHETIC] if self.inspection.is_synthetic else lines

    def table(self, name: str) -> Table | None:
        return next((each for each in self.tables if each.name == name), None)

    def drawing(self, name: str) -> Drawing | None:
        return next((each for each in self.drawings if each.name == name), None)
