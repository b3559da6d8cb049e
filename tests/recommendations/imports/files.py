"""Spreadsheets to import."""

import csv
import io
from datetime import date

from openpyxl import Workbook

from recommendations.imports.columns import BODY, HEADINGS, RECOMMENDATION
from recommendations.models.answers import ANSWERS

FORECAST = date(2031, 6, 1)
LABELS = {name: answer.label for name, answer in ANSWERS.items()}


def row(body="Kent", number=1, **cells) -> dict:
    """Return the cells of a valid row, by heading, with `cells` in place of some."""
    return {
        BODY: body,
        RECOMMENDATION: number,
        LABELS["status"]: "In progress",
        LABELS["confidence"]: "Amber",
        LABELS["account"]: "Patrols have begun.",
        LABELS["next_steps"]: "",
        LABELS["blocker_causes"]: "Funding; training",
        LABELS["blockers"]: "A grant.",
        LABELS["forecast_on"]: FORECAST.strftime("%d/%m/%Y"),
        LABELS["signed_off_by"]: "Superintendent Jo Hale",
    } | cells


def as_csv(*rows: dict) -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, HEADINGS)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode("utf-8-sig")


def as_xlsx(*rows: dict) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.append(HEADINGS)
    for cells in rows:
        dated = cells | {LABELS["forecast_on"]: FORECAST}
        sheet.append([dated[heading] for heading in HEADINGS])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
