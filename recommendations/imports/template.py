"""The spreadsheet to fill in: one row for each open assignment, with its latest answers."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from forces.models import Body
from recommendations.exports.csv_file import csv_lines
from recommendations.exports.export import ASK_NOTE, DEMONSTRATION_NOTICE, SERVICE
from recommendations.exports.open_document import OdsSheet, spreadsheet
from recommendations.imports import columns
from recommendations.imports.sheets.xlsx_values import escape
from recommendations.imports.spreadsheet import MAX_ROWS, SHEET
from recommendations.models import Assignment, Inspection
from recommendations.models.answers import ANSWERS, BlockerCause
from recommendations.prose import clean_prose
from recommendations.references import reference_cell
from recommendations.rules import OPEN

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_KEYS = (columns.BODY, columns.RECOMMENDATION)
HEAD = (
    *_KEYS,
    *(columns.ASK, columns.DONE_WHEN),
    *(heading for heading in columns.HEADINGS if heading not in _KEYS),
    *(columns.DUE_DATE, columns.CURRENT_STATUS),
)
_DEFAULT_WIDTH = 18  # characters
_WIDTHS = {
    ANSWERS["account"].label: 60,
    ANSWERS["blocker_causes"].label: 30,
    **dict.fromkeys((ANSWERS["next_steps"].label, ANSWERS["blockers"].label), 40),
    **dict.fromkeys((columns.ASK, columns.DONE_WHEN), 30),
}


def _rows(inspection: Inspection, body: Body | None) -> Iterator[dict[str, Any]]:
    """Yield the cells of each open assignment, of one organisation or of all."""
    assignments = Assignment.objects.filter(recommendation__inspection=inspection, status__in=OPEN)
    if body is not None:
        assignments = assignments.filter(body=body)
    ordered = assignments.order_by(
        *("body__kind", "body__short_name", "recommendation__number", "recommendation__part")
    )
    for assignment in ordered.select_related("body", "recommendation", "latest_update"):
        recommendation, is_force = assignment.recommendation, assignment.body.is_force
        yield {
            columns.BODY: assignment.body.short_name,
            columns.RECOMMENDATION: reference_cell(recommendation.reference),
            columns.ASK: recommendation.force_ask if is_force else "",
            columns.DONE_WHEN: recommendation.force_done_when if is_force else "",
            **columns.cells_of(assignment.latest_update),
            columns.DUE_DATE: assignment.due_on,
            columns.CURRENT_STATUS: assignment.get_status_display(),
        }


def notes(inspection: Inspection) -> list[str]:
    causes = "; ".join(map(str, BlockerCause.labels))
    return [
        f"Updates for the {SERVICE[0].lower()}{SERVICE[1:]}",
        *([DEMONSTRATION_NOTICE] if inspection.is_synthetic else []),
        "Each row has the organisation's latest update. Change a row to send a new update.",
        "We ignore rows that you do not change.",
        "If you change a row, we send all of its answers, not only the cells that you changed.",
        *(
            f"{ANSWERS[name].label}: {', '.join(labels)}."
            for name, labels in columns.CHOICES.items()
        ),
        f"{ANSWERS['blocker_causes'].label}: separate them with ; and use {causes}.",
        "Write dates like 31/12/2026.",
        f"These columns are for information only: {'; '.join(columns.FOR_INFORMATION)}.",
        ASK_NOTE,
    ]


def as_csv(inspection: Inspection, *, body: Body | None = None) -> Iterator[str]:
    rows = ([row[heading] for heading in HEAD] for row in _rows(inspection, body))
    return csv_lines(head=HEAD, rows=rows)


def as_workbook(inspection: Inspection, *, body: Body | None = None) -> bytes:
    """Return an XLSX file with drop-down lists, a frozen head and no formulas."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.worksheet.worksheet import Worksheet

    book = Workbook()
    about = book.active
    assert isinstance(about, Worksheet)
    about.title = "Notes"
    about.column_dimensions["A"].width = 100
    for line in notes(inspection):
        about.append([line])
    sheet = book.create_sheet(SHEET)
    sheet.append(list(HEAD))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, row in enumerate(_rows(inspection, body), start=2):
        for place, heading in enumerate(HEAD, start=1):
            _fill(sheet, number, place, row[heading])
    _set_up_columns(sheet)
    sheet.freeze_panes = "C2"
    book.active = book.index(sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_open_document(inspection: Inspection, *, body: Body | None = None) -> bytes:
    """Return an ODS file with the same sheets, drop-down lists and frozen head."""
    names = {answer.label: name for name, answer in ANSWERS.items()}
    choices = {
        place: [*columns.CHOICES[names[heading]]]
        for place, heading in enumerate(HEAD)
        if names.get(heading) in columns.CHOICES
    }
    rows = [[row[heading] for heading in HEAD] for row in _rows(inspection, body)]
    updates = OdsSheet(name=SHEET, rows=[[*HEAD], *rows], frozen_columns=2, choices=choices)
    return spreadsheet(
        [updates, OdsSheet(name="Notes", rows=[[line] for line in notes(inspection)])]
    )


def _set_up_columns(sheet: "Worksheet") -> None:
    """Set the widths, and the drop-down lists of the columns with choices."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    names = {answer.label: name for name, answer in ANSWERS.items()}
    for place, heading in enumerate(HEAD, start=1):
        letter = get_column_letter(place)
        name = names.get(heading, "")
        sheet.column_dimensions[letter].width = _WIDTHS.get(heading, _DEFAULT_WIDTH)
        if name in columns.CHOICES:
            labels = ",".join(columns.CHOICES[name])
            choice = DataValidation(type="list", formula1=f'"{labels}"', allow_blank=True)
            sheet.add_data_validation(choice)
            choice.add(f"{letter}2:{letter}{MAX_ROWS + 1}")


def _fill(sheet: "Worksheet", row: int, column: int, value: Any) -> None:
    from openpyxl.styles import Alignment

    cell = sheet.cell(row, column)
    cell.value = escape(clean_prose(value)) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"  # so that no text is taken for a formula
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    elif hasattr(value, "isoformat"):
        cell.number_format = "dd/mm/yyyy"
