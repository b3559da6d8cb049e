"""XLSX files are read as they are stored, whatever else they claim."""

import io

import pytest
from openpyxl import Workbook

from recommendations.evidence.file_types import UnacceptableFile
from recommendations.imports.columns import HEADINGS
from tests.recommendations.imports.files import row
from tests.recommendations.imports.sheets.files import (
    STRICT,
    answers,
    head,
    line,
    read_cells,
    read_table,
    text_cell,
    xlsx,
)

LIKE_OTHERS = "They are read like the others."


@pytest.mark.parametrize("claim", ["A1", "C5:D6", "A1:XFD1048576", ""])
def test_the_size_that_a_sheet_claims_does_not_matter(claim):
    dimension = f'<dimension ref="{claim}"/>' if claim else ""
    assert read_cells(xlsx(head(), answers(), before=dimension))["Organisation"] == "Kent"


def test_a_strict_file_is_read():
    cell = '<c r="I2" t="d"><v>2027-01-04</v></c>'
    cells = read_cells(xlsx(head(), answers(I=cell), namespaces=STRICT))
    assert cells["Organisation"] == "Kent"
    assert cells["Forecast date"] == {"date": "2027-01-04"}


def test_rows_and_cells_without_numbers_follow_each_other():
    def unnumbered(texts):
        return "<row>" + "".join(f'<c t="str"><v>{text}</v></c>' for text in texts) + "</row>"

    rows = read_table(xlsx(unnumbered(HEADINGS), unnumbered(map(str, row().values()))))["rows"]
    assert rows[0][0] == 2
    assert rows[0][1]["Progress"] == "Patrols have begun."


@pytest.mark.parametrize(
    "rows",
    [
        (head(3), answers(2)),
        (head(), answers(2), answers(2)),
        (head(), line(2, text_cell("B2", "1"), text_cell("A2", "Kent"))),
        (head(), line(2, text_cell("A3", "Kent"))),
        (head(), line(2, '<c r="A2" t="s"><v>7</v></c>')),
    ],
)
def test_a_file_whose_cells_may_be_lost_is_refused(rows):
    with pytest.raises(UnacceptableFile, match="is damaged"):
        read_table(xlsx(*rows))


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("One_x000D_\nTwo", "One\nTwo"),
        ("One_x000a_Two", "One\nTwo"),
        ("A_x0009_B", "A\tB"),
        ("Literally _x005F_x000D_ here", "Literally _x000D_ here"),
        ("_x005F_x005F_", "_x005F_"),
        ("a_xD83D__xDE00_", "a\N{GRINNING FACE}"),
        ("a_xD83D_", "a\ufffd"),
        ("_x12_ and _xyz_", "_x12_ and _xyz_"),
        ("Caf_x00E9_", "Café"),
    ],
)
def test_escapes_are_decoded_however_the_text_is_stored(stored, text):
    content = xlsx(
        head(),
        answers(
            E='<c r="E2" t="s"><v>0</v></c>',
            F=text_cell("F2", stored),
            H=f'<c r="H2" t="str"><v>{stored}</v></c>',
        ),
        strings=(f"<si><t>{stored}</t></si>",),
    )
    cells = read_cells(content)
    assert {cells["Progress"], cells["Next steps"], cells["What would help"]} == {text}


def test_the_runs_of_a_text_are_joined_without_pronunciation():
    runs = (
        "<r><rPr><b/></rPr><t>Bold</t></r><r><t xml:space='preserve'> and plain</t></r>"
        "<rPh sb='0' eb='1'><t>bohld</t></rPh><phoneticPr fontId='1'/>"
    )
    content = xlsx(
        head(),
        answers(E='<c r="E2" t="s"><v>0</v></c>', F=f'<c r="F2" t="inlineStr"><is>{runs}</is></c>'),
        strings=(f"<si>{runs}</si>",),
    )
    cells = read_cells(content)
    assert cells["Progress"] == cells["Next steps"] == "Bold and plain"


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ('<c r="E2" t="e"><v>#N/A</v></c>', "has the error #N/A in cell E2"),
        ('<c r="E2"><f>1+1</f><v>2</v></c>', "has a formula in cell E2"),
        ('<c r="E2" t="e"><f>A9</f><v>#REF!</v></c>', "has a formula in cell E2"),
        ('<c r="E2"><f t="shared" si="0"/><v>2</v></c>', "has a formula in cell E2"),
    ],
)
def test_a_cell_with_a_formula_or_an_error_is_not_used(cell, problem):
    assert problem in read_cells(xlsx(head(), answers(E=cell)))["Progress"]["problem"]


def test_formulas_elsewhere_do_not_matter():
    formula = '<c r="K2" t="str"><f>A2</f><v>Kent</v></c>'
    table = read_table(xlsx(head(), answers(K=formula), answers(3), line(4, '<c r="E4" t="str"><f>IF(A4="","",1)</f><v></v></c>')))  # fmt: skip  # noqa: E501
    assert [cells[0] for cells in table["rows"]] == [2, 3]
    assert table["notes"] == ["These columns are not read: column K, which has no heading."]


def test_a_result_of_a_formula_in_another_cell_is_not_used():
    spill = '<c r="E2" t="str"><f t="array" ref="E2:E3">X1:X2</f><v>One</v></c>'
    rows = read_table(xlsx(head(), answers(E=spill), answers(3)))["rows"]
    assert "formula in cell E3" in rows[1][1]["Progress"]["problem"]


def test_cells_that_are_merged_are_named():
    empty = '<c r="A3"/>'
    merged = '<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'
    rows = read_table(xlsx(head(), answers(), answers(3, A=empty), after=merged))["rows"]
    assert rows[0][1]["Organisation"] == "Kent"
    assert "merged cells (cell A3)" in rows[1][1]["Organisation"]["problem"]


def serial(number: float, style: int = 1) -> str:
    return f'<c r="I2" s="{style}"><v>{number}</v></c>'


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        (46391, "dd/mm/yyyy", {"date": "2027-01-04"}),
        (46391, "[$-809]d mmmm yyyy;@", {"date": "2027-01-04"}),
        (46391, "dddd\\ d\\ mmmm\\ yyyy", {"date": "2027-01-04"}),  # of LibreOffice
        (46391, "dd\\-mmm\\-yy", {"date": "2027-01-04"}),
        (46391.5, "dd/mm/yyyy hh:mm", {"date": "2027-01-04T12:00:00"}),
        (46390.9999999999, "dd/mm/yyyy", {"date": "2027-01-04"}),
        (46391, "General", 46391),
        (46391, '0 "days"', 46391),
        (46391, "#,##0.00_);[Red](#,##0.00)", 46391),
    ],
)
def test_a_number_with_a_date_format_is_a_date(number, code, shown):
    content = xlsx(head(), answers(I=serial(number)), formats=(code,))
    assert read_cells(content)["Forecast date"] == shown


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("2027-01-04", {"date": "2027-01-04"}),
        ("2027-01-04T00:00:00", {"date": "2027-01-04"}),
        ("2027-06-03T23:00:00.000Z", "2027-06-03T23:00:00.000Z"),  # of SheetJS, in London 4 June
    ],
)
def test_a_stored_date_with_a_time_zone_stays_text(stored, shown):
    """So that it is refused like the same text, if it is another day in London."""
    content = xlsx(head(), answers(I=f'<c r="I2" t="d"><v>{stored}</v></c>'))
    assert read_cells(content)["Forecast date"] == shown


def test_the_date_system_of_the_file_counts():
    book = '<workbookPr date1904="1"/>'
    content = xlsx(head(), answers(I=serial(44929)), formats=("dd/mm/yyyy",), book=book)
    assert read_cells(content)["Forecast date"] == {"date": "2027-01-04"}


@pytest.mark.parametrize(
    ("number", "code", "problem"),
    [
        (46388, "mmm-yy", "only part of a date in cell I2 (1 January 2027 is stored)"),
        (46388, "yyyy", "shows only part of a date in cell I2"),
        (46388, "d-mmm", "shows only part of a date in cell I2"),
        (46388, "dddd", "shows only part of a date in cell I2"),
        (0.5, "hh:mm", "has a time in cell I2"),
        (46391, "[h]:mm", "has a time in cell I2"),
        (-5, "dd/mm/yyyy", "has a number in cell I2 that is no date"),
        (60, "dd/mm/yyyy", "has a number in cell I2 that is no date"),
        (3_000_000, "dd/mm/yyyy", "has a number in cell I2 that is no date"),
    ],
)
def test_a_date_that_is_not_shown_as_a_day_is_not_used(number, code, problem):
    content = xlsx(head(), answers(I=serial(number)), formats=(code,))
    assert problem in read_cells(content)["Forecast date"]["problem"]


def test_a_format_with_the_month_first_is_noted():
    content = xlsx(head(), answers(I=serial(46391)), formats=("mm/dd/yyyy",))
    assert read_table(content)["month_first"] == "I2"
    content = xlsx(head(), answers(I=serial(46391)), formats=("mmmm d, yyyy",))
    assert read_table(content)["month_first"] == ""


def test_hidden_rows_and_columns_are_counted_and_named():
    content = xlsx(
        head(),
        answers(2, attributes='hidden="1"'),
        answers(3),
        answers(4, attributes='ht="0" customHeight="1"'),
        before='<cols><col min="5" max="5" hidden="1"/><col min="12" max="99" hidden="1"/></cols>',
        after='<autoFilter ref="A1:J4"><filterColumn colId="0"/></autoFilter>',
    )
    table = read_table(content)
    assert [is_hidden for _, _, is_hidden, _ in table["rows"]] == [True, False, True]
    assert table["notes"] == [
        f"2 rows are hidden in the file, for example by a filter: rows 2, 4. {LIKE_OTHERS}",
        "1 column is hidden in the file: Progress (E). It is read like the others.",
    ]


def test_a_file_of_openpyxl_with_line_ends_is_read():
    book = Workbook()
    book.active.append(HEADINGS)
    book.active.append([*list(row().values())[:4], "One\r\nTwo\rThree", *list(row().values())[5:]])
    file = io.BytesIO()
    book.save(file)
    assert read_cells(file.getvalue())["Progress"] in {"One\nTwo\rThree", "One\nTwo\nThree"}
