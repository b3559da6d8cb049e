"""The spreadsheet to fill in: one row for each open assignment, with what was said last."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from recommendations.exports.csv_file import csv_lines
from recommendations.imports.columns import CHOICES, FOR_READING, HEADINGS, cells_of
from recommendations.imports.spreadsheet import SHEET
from recommendations.models import Assignment, Inspection
from recommendations.models.answers import ANSWERS, BlockerCause
from recommendations.prose import clean_prose
from recommendations.rules import OPEN

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

HEAD = (*HEADINGS, *FOR_READING)
_WIDTHS = {
    ANSWERS[name].label: width
    for name, width in (
        ("account", 60),
        ("next_steps", 40),
        ("blockers", 40),
        ("blocker_causes", 30),
    )
}


def _rows(inspection: Inspection) -> Iterator[dict[str, Any]]:
    found = (
        Assignment.objects.filter(recommendation__inspection=inspection, status__in=OPEN)
        .select_related("body", "recommendation", "latest_update")
        .order_by("body__kind", "body__short_name", "recommendation__number")
    )
    for assignment in found:
        yield {
            "Body": assignment.body.short_name,
            "Recommendation": assignment.recommendation.number,
            **cells_of(assignment.latest_update),
            "Due date": assignment.due_on,
            "Status today": assignment.get_status_display(),
        }


def notes(inspection: Inspection) -> list[str]:
    """What to know before filling it in."""
    causes = "; ".join(map(str, BlockerCause.labels))
    return [
        "Updates for the county lines recommendations tracker",
        *(["Demonstration data: all of it is made up."] if inspection.is_synthetic else []),
        "Each row holds what the body said last. Change a row to send an update.",
        "Leave a row as it is, and nothing is sent for it.",
        "Every answer is sent as it stands in the row, not only the cells that you changed.",
        *(f"{ANSWERS[name].label}: {', '.join(labels)}." for name, labels in CHOICES.items()),
        f"{ANSWERS['blocker_causes'].label}, with ; between them: {causes}.",
        "Dates like 31/12/2026. Due date and Status today are for reading only.",
    ]


def as_csv(inspection: Inspection) -> Iterator[str]:
    rows = ([_text(row[name]) for name in HEAD] for row in _rows(inspection))
    return csv_lines(about=[], head=HEAD, rows=rows)


def _text(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def as_workbook(inspection: Inspection) -> bytes:
    """With lists to choose from, the head frozen, and no cell that is a formula."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.worksheet.datavalidation import DataValidation
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
    for number, row in enumerate(_rows(inspection), start=2):
        for place, heading in enumerate(HEAD, start=1):
            _fill(sheet, number, place, row[heading])
    for place, heading in enumerate(HEAD, start=1):
        letter = sheet.cell(1, place).column_letter
        sheet.column_dimensions[letter].width = _WIDTHS.get(heading, 18)
        if heading.lower() in CHOICES:
            listed = ",".join(CHOICES[heading.lower()])
            choice = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
            sheet.add_data_validation(choice)
            choice.add(f"{letter}2:{letter}10001")
    sheet.freeze_panes = "C2"
    book.active = book.index(sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _fill(sheet: "Worksheet", row: int, column: int, value: Any) -> None:
    from openpyxl.styles import Alignment

    cell = sheet.cell(row, column)
    cell.value = clean_prose(value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"  # whatever it begins with
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    elif hasattr(value, "isoformat"):
        cell.number_format = "dd/mm/yyyy"


def file_name(inspection: Inspection, ending: str) -> str:
    label = "demonstration-" if inspection.is_synthetic else ""
    return f"{label}updates.{ending}"
