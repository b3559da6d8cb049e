"""OpenDocument spreadsheets are read, with limits on what a few bytes can repeat."""

import io

import pandas as pd
import pytest

from recommendations.evidence.file_types import UnacceptableFile
from recommendations.imports.columns import HEADINGS
from tests.recommendations.imports.files import row
from tests.recommendations.imports.sheets.files import (
    ods,
    ods_answers,
    ods_head,
    ods_row,
    ods_table,
    ods_text,
    read_cells,
    read_table,
)

EMPTY_REST = (
    '<table:table-row table:number-rows-repeated="1048574"><table:table-cell '
    'table:number-columns-repeated="16384"/></table:table-row>'
)


def cell(attributes: str, text: str = "") -> str:
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def test_rows_are_read_and_empty_rest_is_ignored():
    date = cell('office:value-type="date" office:date-value="2027-01-04"', "04/01/2027")
    number = cell('office:value-type="float" office:value="1"', "1")
    table = read_table(ods(ods_table(ods_head(), ods_answers(B=number, I=date), EMPTY_REST)))
    ((row_number, cells, _, _),) = table["rows"]
    assert row_number == 2
    assert (cells["Recommendation"], cells["Forecast date"]) == (1, {"date": "2027-01-04"})
    assert table["notes"] == []


def test_text_has_its_spaces_and_line_breaks_but_no_comment():
    text = (
        "<table:table-cell office:value-type='string'><office:annotation><text:p>Comment</text:p>"
        "</office:annotation><text:p>One<text:s text:c='2'/><text:span>two</text:span>"
        "<text:line-break/>three</text:p><text:p>Four</text:p></table:table-cell>"
    )
    cells = read_cells(ods(ods_table(ods_head(), ods_answers(E=text))))
    assert cells["Progress"] == "One  two\nthree\nFour"


@pytest.mark.parametrize(
    ("letter", "stored", "problem"),
    [
        ("E", cell('table:formula="of:=1+1" office:value-type="float" office:value="2"', "2"),
         "has a formula in cell E2"),
        ("E", cell('office:value-type="string" calcext:value-type="error" '
                   'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:'
                   'calcext:1.0"', "#N/A"), "has the error #N/A in cell E2"),
        ("I", cell('office:value-type="date" office:date-value="2026-12-01"', "Dec 26"),
         "only part of a date in cell I2 (1 December 2026 is stored)"),
        ("I", cell('office:value-type="date" office:date-value="2026-12-09"', "9 Dec"),
         "shows only part of a date in cell I2"),
        ("I", cell('office:value-type="time" office:time-value="PT10H"', "10:00"),
         "has a time in cell I2"),
        ("E", "<table:covered-table-cell/>", "merged cells (cell E2)"),
    ],
)  # fmt: skip
def test_a_cell_without_a_plain_value_is_not_used(letter, stored, problem):
    cells = read_cells(ods(ods_table(ods_head(), ods_answers(**{letter: stored}))))
    heading = HEADINGS["ABCDEFGHIJ".index(letter)]
    assert problem in cells[heading]["problem"]


def test_repeated_rows_and_cells_are_read_as_often_as_they_are_shown():
    twice = ods_answers(attributes='table:number-rows-repeated="2"')
    assert [found[0] for found in read_table(ods(ods_table(ods_head(), twice)))["rows"]] == [2, 3]
    same = cell('office:value-type="string" table:number-columns-repeated="2"', "Text")
    cells = read_cells(ods(ods_table(ods_head(), ods_answers(E=same, F=""))))
    assert cells["Progress"] == cells["Next steps"] == "Text"


@pytest.mark.parametrize(
    ("rows", "limit"),
    [
        (ods_answers(attributes='table:number-rows-repeated="1048575"'), "more than 10,000 rows"),
        (
            ods_row('<table:table-cell table:number-rows-repeated="5"/>') + EMPTY_REST
            + ods_answers(),
            "more than 20,000 rows",
        ),
        (
            ods_answers(K=cell('office:value-type="string" '
                               'table:number-columns-repeated="1000000000"', "x")),
            "more than 50 columns",
        ),
        (ods_answers(E="<table:table-cell office:value-type='string'><text:p>"
                       + "<text:s text:c='2000000000'/>" * 2 + "</text:p></table:table-cell>"),
         "more than 32,767 characters"),
    ],
)  # fmt: skip
def test_what_is_repeated_too_often_is_refused(rows, limit):
    with pytest.raises(UnacceptableFile, match=limit):
        read_table(ods(ods_table(ods_head(), rows)))


def test_what_is_hidden_is_named():
    columns = (
        '<table:table-column table:number-columns-repeated="4"/>'
        '<table:table-column table:visibility="collapse"/>'
    )
    rows = (
        ods_head(),
        ods_answers(attributes='table:visibility="filter"'),
        f'<table:table-row-group table:display="false">{ods_answers()}</table:table-row-group>',
        ods_answers(),
    )
    table = read_table(ods(ods_table(*rows, columns=columns)))
    assert [is_hidden for _, _, is_hidden, _ in table["rows"]] == [True, True, False]
    assert "rows 2, 3" in table["notes"][0]
    assert "Progress (E)" in table["notes"][1]


def test_a_hidden_sheet_is_not_preferred():
    styles = (
        '<style:style style:name="ta2" style:family="table"><style:table-properties '
        'table:display="false"/></style:style>'
    )
    hidden = ods_table(ods_head(), ods_answers(), attributes='table:style-name="ta2"')
    shown = ods_table(ods_row(ods_text("Notes")), ods_row(), ods_head(), ods_answers(), name="June")
    table = read_table(ods(hidden, shown, styles=styles))
    assert table["rows"][0][0] == 4
    assert table["notes"] == [
        "The headings are in row 3 of the sheet “June”.",
        "Other sheets with the same columns are not read: “Updates”.",
    ]


def test_a_file_of_odfpy_is_read():
    file = io.BytesIO()
    pd.DataFrame([row()]).to_excel(file, engine="odf", index=False)
    cells = read_cells(file.getvalue())
    assert (cells["Organisation"], cells["Recommendation"]) == ("Kent", 1)
    assert cells["Forecast date"] == "01/06/2031"


def test_all_cells_of_a_row_are_text_or_numbers():
    cells = read_cells(ods(ods_table(ods_head(), ods_answers())))
    assert cells == {heading: str(value) or None for heading, value in row().items()}
