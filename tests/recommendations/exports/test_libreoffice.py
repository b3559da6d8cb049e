"""LibreOffice shows the values of the page, and saves templates that can be imported."""

import io
from collections.abc import Iterator
from datetime import datetime

import openpyxl
import pytest

from recommendations.actions.request_download import FILE_TYPES
from recommendations.charts.table import Table, Value
from recommendations.evidence.file_types import UnacceptableFile
from recommendations.exports.export_request import ExportRequest
from recommendations.exports.page_exports import export_for
from recommendations.exports.sheets import filled_rows, sheet_name
from recommendations.imports import people_sheet, people_template, template
from recommendations.imports.rows import SpreadsheetRow
from recommendations.imports.spreadsheet import UPDATES_LAYOUT, read_rows
from recommendations.models import Download
from tests.libreoffice import converted
from tests.recommendations.exports.downloads import finished_download

pytestmark = pytest.mark.django_db
PAGES = {
    "overview": "",
    "heatmap": "",
    "recommendations": "",
    "recommendation": "2",
    "forces": "",
    "force": "kent",
    "region": "south-east",
    "rocu": "eastern",
    "trends": "",
    "changes": "",
}
TYPES = ("xlsx", "ods")


def test_libreoffice_reads_the_values_of_every_page_in_every_spreadsheet(
    analyst_client, world, tmp_path
):
    files: dict[str, bytes] = {}
    tables: dict[str, list[Table]] = {}
    for page, of in PAGES.items():
        values = {"of": of, "since": "2020-01-01"}
        request = ExportRequest(
            inspection=world.inspection, reader=world.analyst, values=values, now=world.now
        )
        export = export_for(page, request)
        for kind in TYPES:
            url = f"/downloads/{page}/all.{kind}"
            files[f"{page}.{kind}"] = analyst_client.get(url, values).content
            tables[f"{page}.{kind}"] = export.tables
    for kind in (Download.Kind.UPDATES, Download.Kind.MONTHS):
        for file_type in set(TYPES) & set(FILE_TYPES[kind]):
            download = finished_download(world, kind, file_type)
            files[f"{kind}.{file_type}"] = bytes(download.content)
    for name, content in converted(files, to="xlsx", folder=tmp_path).items():
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"], name
        assert not list(_errors(book)), name
        for table in tables.get(name, []):
            shown = [_comparable(row) for row in book[sheet_name(table)].values]
            head = shown.index(_comparable(table.head))
            rows = [_comparable(row) for row in filled_rows(table)]
            assert shown[head + 1 : head + 1 + len(rows)] == rows, (name, table.name)


def test_templates_that_libreoffice_has_saved_are_read_as_they_were(world, tmp_path):
    updates, people = UPDATES_LAYOUT, people_sheet.LAYOUT
    files = {
        "updates.xlsx": template.as_workbook(world.inspection),
        "updates.ods": template.as_open_document(world.inspection),
        "people.xlsx": people_template.as_workbook(),
        "people.ods": people_template.as_open_document(),
    }
    rows = read_rows(files["updates.xlsx"], name="updates.xlsx")
    assert len(rows) == 13
    cells = _cells(rows)
    for to in TYPES:
        saved = converted(files, to=to, folder=tmp_path)
        for name, content in saved.items():
            is_empty = name.startswith("people")
            layout = people if is_empty else updates
            if is_empty:
                with pytest.raises(UnacceptableFile, match="no rows below the headings"):
                    read_rows(content, name=f"saved.{to}", layout=layout)
            else:
                assert _cells(read_rows(content, name=f"saved.{to}")) == cells, (name, to)
            if to == "xlsx":
                book = openpyxl.load_workbook(io.BytesIO(content))
                sheet = book[layout.sheet]
                assert len(sheet.data_validations.dataValidation) >= 2, name


def _cells(rows: list[SpreadsheetRow]) -> list[dict[str, Value]]:
    return [{heading: value or None for heading, value in row.cells.items()} for row in rows]


def _comparable(row: list[Value] | tuple) -> list[Value]:
    """Return the values of a row, with days for midnights, and without empty cells at its end."""
    values = [value.date() if isinstance(value, datetime) else value for value in row]
    values = [round(value, 9) if isinstance(value, float) else value for value in values]
    while values and values[-1] is None:
        values.pop()
    return values


def _errors(book: openpyxl.Workbook) -> Iterator[str]:
    for sheet in book:
        for row in sheet:
            yield from (f"{sheet.title}!{cell.coordinate}" for cell in row if cell.data_type == "e")
