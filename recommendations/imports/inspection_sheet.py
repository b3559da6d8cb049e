"""A spreadsheet of an inspection's recommendations: its columns, and checks of its rows."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from recommendations.imports.rows import InvalidCell, SpreadsheetRow
from recommendations.imports.sheets.layout import SheetLayout
from recommendations.register.facts import InspectionFacts, RecommendationFacts
from recommendations.register.inspection_file import check_recommendations
from recommendations.register.row_forms import RecommendationForm

COLUMNS = tuple(RecommendationForm.base_fields)  # those of recommendations.csv
LAYOUT = SheetLayout(
    sheet="Recommendations",
    headings=COLUMNS,
    key_headings=frozenset({"number", "title", "lead", "due"}),
    optional_headings=RecommendationForm.optional,
    has_template=False,
    max_rows=200,
    max_megabytes=1,
)


@dataclass(frozen=True, kw_only=True)
class SheetRecommendation:
    """One row: what it says, or sentences on what is wrong with it."""

    number: int  # of the row
    reference: str
    title: str
    lead: str  # a slug
    due_on: date | None
    asked: str  # "all forces", "3 forces", or "no force"
    errors: list[str]
    facts: RecommendationFacts | None


def check_rows(
    rows: Iterable[SpreadsheetRow], inspection: InspectionFacts
) -> list[SheetRecommendation]:
    """Check the rows against each other and the organisations of the register; 1 query."""
    rows = list(rows)
    forms = [RecommendationForm(_cells(row), place=f"row {row.number}") for row in rows]
    check_recommendations(forms, inspection)
    return [_checked(row, form) for row, form in zip(rows, forms, strict=True)]


def as_text(rows: Iterable[SpreadsheetRow]) -> str:
    """Return the rows as CSV with headings, so that the preview can submit them again."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows(_cells(row).values() for row in rows)
    return file.getvalue()


def _cells(row: SpreadsheetRow) -> dict[str, str]:
    cells = {}
    for name in COLUMNS:
        value = row.cells.get(name)
        cells[name] = value.isoformat()[:10] if isinstance(value, date) else row.text(name)
    return cells


def _checked(row: SpreadsheetRow, form: RecommendationForm) -> SheetRecommendation:
    errors = [row.problem] if row.problem else [*_cell_errors(row)]
    errors = errors or [
        f"{column}: {error}" for column, found in form.errors.items() for error in found
    ]
    cells = form.cleaned_data
    named = len(cells.get("forces", ()))
    asked = f"{named} force{'' if named == 1 else 's'}" if named else "all forces"
    return SheetRecommendation(
        number=row.number,
        reference=f"{row.text('number')}{row.text('part')}"[:10],
        title=row.text("title")[:200],
        lead=row.text("lead")[:60],
        due_on=cells.get("due_on"),
        asked=asked if row.text("force_ask") else "no force",
        errors=errors,
        facts=None if errors else form.facts(),
    )


def _cell_errors(row: SpreadsheetRow) -> Iterable[str]:
    """Yield what is wrong with cells whose value must not be used, such as formulas."""
    for name in COLUMNS:
        try:
            row.checked_text(name)
        except InvalidCell as reason:
            yield f"{name} {reason}."
