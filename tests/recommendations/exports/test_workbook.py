"""Spreadsheets: no text of a person can do harm, and empty tables say so."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest
from django.conf import settings

from recommendations.charts.table import Table
from recommendations.exports.export import Export
from recommendations.exports.open_document import open_document
from recommendations.exports.workbook import workbook

pytestmark = pytest.mark.django_db
HOSTILE = [
    '=HYPERLINK("http://evil")',
    "+1",
    "@SUM(A1)",
    "-2+3",
    "a $$note9$$ b",
    "[x](http://evil)",
    "http://evil.example",
    "tab\x0bbell\x07",
    "line\nbreak",
    "<&>",
    "---",
    "   ",
    "[z]",
    "two  spaces and a\ttab",
]


def test_text_cannot_become_a_formula_in_any_spreadsheet(world):
    table = Table(
        name="words",
        title="Words",
        head=["Text", "On", "Number"],
        rows=[[text, date(2026, 11, 1), -3] for text in HOSTILE],
    )
    export = Export(
        name="words",
        title="=Words",
        inspection=world.inspection,
        position="Position",
        on=date(2026, 11, 1),
        filter="",
        tables=[table],
    )
    book = openpyxl.load_workbook(io.BytesIO(workbook(export, [table])))
    sheet = book[book.sheetnames[3]]
    assert not [cell for row in sheet for cell in row if cell.data_type == "f"]
    cells = [cell.value for row in sheet for cell in row]
    assert '=HYPERLINK("http://evil")' in cells  # as text, so without an apostrophe
    assert -3 in cells
    assert (
        "<f>"
        not in zipfile.ZipFile(io.BytesIO(workbook(export, [table])))
        .read("xl/worksheets/sheet4.xml")
        .decode()
    )
    content = zipfile.ZipFile(io.BytesIO(open_document(export, [table]))).read("content.xml")
    assert b"table:formula" not in content
    assert b'office:date-value="2026-11-01"' in content
    assert b"'=HYPERLINK" not in content
    assert b'two <text:s text:c="1"/>spaces and a<text:tab/>tab' in content


def test_rows_lead_to_their_pages_and_statuses_have_the_colours_of_the_heatmap(world):
    table = Table(
        name="two-forces",
        title="A headline that changes each week",
        head=["Number", "Force", "Status"],
        rows=[[1, "Kent", "Implemented"], [2, "Surrey", None]],
        paths=["/forces/kent/1/", ""],
    )
    export = Export(
        name="forces",
        title="Forces",
        inspection=world.inspection,
        position="",
        on=date(2026, 11, 1),
        tables=[table],
    )
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(export, [table])))["Two forces"]
    [excel_table] = sheet.tables.values()
    assert excel_table.name == "two_forces"
    row = sheet[sheet.freeze_panes].row
    assert sheet.cell(row, 1).value == 1
    assert sheet.cell(row, 2).value == "Kent"
    assert sheet.cell(row, 2).hyperlink.target == f"{settings.BASE_URL}/forces/kent/1/"
    assert sheet.cell(row + 1, 2).hyperlink is None
    [rules] = sheet.conditional_formatting
    assert str(rules.sqref) == f"C{row}:C{row + 1}"
    files = zipfile.ZipFile(io.BytesIO(open_document(export, [table])))
    content = files.read("content.xml").decode()
    assert f'xlink:href="{settings.BASE_URL}/forces/kent/1/"' in content
    assert 'table:style-name="status0"' in content
    frozen = 'config:name="VerticalSplitPosition" config:type="int">6<'
    assert frozen in files.read("settings.xml").decode()


def test_a_table_without_rows_says_so(world):
    table = Table(name="none", title="None", head=["A", "B"], rows=[])
    export = Export(
        name="none",
        title="None",
        inspection=world.inspection,
        position="",
        on=date(2026, 11, 1),
        filter="",
        tables=[table],
    )
    book = openpyxl.load_workbook(io.BytesIO(workbook(export, [table])))
    values = [value for row in book[book.sheetnames[3]].values for value in row]
    assert "There are no rows." in values
    assert b"There are no rows." in zipfile.ZipFile(
        io.BytesIO(open_document(export, [table]))
    ).read("content.xml")
