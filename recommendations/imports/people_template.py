"""The template for the spreadsheet of people to invite."""

import io
from collections.abc import Iterator

from forces.models import Body, Role
from recommendations.exports.csv_file import csv_lines
from recommendations.exports.open_document import OdsSheet, spreadsheet
from recommendations.imports.people_sheet import HEADINGS, LAYOUT, MAX_PEOPLE, ORGANISATION, ROLE

_WIDTH = 32  # characters of a column
_NOTES = "Notes"
NOTES = [
    "People to invite",
    f"Enter one person in each row, up to {MAX_PEOPLE} people.",
    f"{ROLE}: {', '.join(str(label) for label in Role.labels)}.",
    f"{ORGANISATION}: leave it empty for analysts and administrators. Optional for observers.",
    "The organisations are:",
]


def as_csv() -> Iterator[str]:
    return csv_lines(head=HEADINGS, rows=[])


def as_open_document() -> bytes:
    """Return an ODS file with the same sheets and drop-down lists."""
    bodies = Body.objects.existing().order_by("kind", "short_name")
    organisations = [body.short_name for body in bodies]
    choices = {
        HEADINGS.index(ROLE): [str(label) for label in Role.labels],
        HEADINGS.index(ORGANISATION): organisations,
    }
    people = OdsSheet(
        name=LAYOUT.sheet,
        rows=[[*HEADINGS]],
        frozen_columns=1,
        choices=choices,
        empty_rows=MAX_PEOPLE,
    )
    return spreadsheet(
        [people, OdsSheet(name=_NOTES, rows=[[n] for n in (*NOTES, *organisations)])]
    )


def as_workbook() -> bytes:
    """Return an XLSX file with drop-down lists of the roles and organisations."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet

    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = LAYOUT.sheet
    sheet.append(list(HEADINGS))
    sheet.freeze_panes = "A2"
    notes = book.create_sheet(_NOTES)
    notes.column_dimensions["A"].width = 100
    organisations = list(Body.objects.existing().order_by("kind", "short_name"))
    for line in [*NOTES, *(body.short_name for body in organisations)]:
        notes.append([line])
    first, last = len(NOTES) + 1, len(NOTES) + len(organisations)
    lists = {
        ROLE: f'"{",".join(str(label) for label in Role.labels)}"',
        ORGANISATION: f"{_NOTES}!$A${first}:$A${last}",
    }
    for place, heading in enumerate(HEADINGS, start=1):
        letter = get_column_letter(place)
        sheet[f"{letter}1"].font = Font(bold=True)
        sheet.column_dimensions[letter].width = _WIDTH
        if heading in lists:
            choice = DataValidation(type="list", formula1=lists[heading], allow_blank=True)
            sheet.add_data_validation(choice)
            choice.add(f"{letter}2:{letter}{MAX_PEOPLE + 1}")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
