"""Rows are read from Excel and CSV files."""

import io
import random
import zipfile

import pytest
import xlsxwriter

from recommendations.evidence import isolation
from recommendations.evidence.file_types import UnacceptableFile
from recommendations.imports import people_sheet
from recommendations.imports.columns import BODY, FORMER_HEADINGS, HEADINGS
from recommendations.imports.spreadsheet import read_rows
from tests.recommendations.imports.files import as_csv, as_xlsx, row


def test_numbers_escaped_cells_and_other_delimiters_are_read():
    (result,) = read_rows(as_xlsx(row(number=1.0)), name="a.xlsx")
    assert result.text("Recommendation") == "1"
    (result,) = read_rows(as_csv(row(Progress="'-5 is less")), name="a.csv")
    assert result.text("Progress") == "-5 is less"
    semicolons = as_csv(row()).replace(b",", b";").replace(b"Funding; training", b"Funding")
    assert read_rows(semicolons, name="a.csv")[0].text(BODY) == "Kent"
    with pytest.raises(UnacceptableFile):
        read_rows(b"PK\x03\x04", name="a.xlsx")


def test_templates_with_the_former_headings_are_read():
    content = as_csv(row()).decode("utf-8-sig")
    for former, heading in FORMER_HEADINGS.items():
        content = content.replace(heading, former)
    (result,) = read_rows(content.encode(), name="a.csv")
    assert result.text(BODY) == "Kent"
    assert all(result.text(heading) for heading in FORMER_HEADINGS.values())


def rewritten(content: bytes, **changes: tuple[bytes, bytes]) -> bytes:
    """The workbook with a text replaced in some of its parts, named by their stem."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", 8) as new:
        for part in old.namelist():
            stem = part.rpartition("/")[2].removesuffix(".xml")
            new.writestr(part, old.read(part).replace(*changes.get(stem, (b"", b""))))
    return file.getvalue()


def test_a_worksheet_may_claim_a_wrong_size():
    content = rewritten(as_xlsx(row()), sheet1=(b'ref="A1:J2"', b'ref="A1:J1"'))
    (result,) = read_rows(content, name="a.xlsx")
    assert result.text(BODY) == "Kent"


def book_with(cells: dict[str, str]) -> bytes:
    """A valid workbook with further cells, by coordinate."""
    extra = "".join(
        f'<row r="{"".join(c for c in at if c.isdigit())}"><c r="{at}" t="str"><v>{text}</v></c>'
        "</row>"
        for at, text in cells.items()
    )
    return rewritten(as_xlsx(row()), sheet1=(b"</sheetData>", f"{extra}</sheetData>".encode()))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (book_with({"XFD1048576": ""}), "more than 20,000 rows, with the empty ones"),
        (as_csv(row()) + b"\n" * 20_000, "more than 20,000 rows, with the empty ones"),
        (book_with({"AZ3": "x"}), "more than 50 columns"),
        (as_csv(row()) + b"," * 100_000 + b"x\n", "more than 50 columns"),
        (as_csv(row()) + (b"," * 99 + b"\n") * 10_000, "more than 1,000,000 cells"),
        (book_with({"A3": "x" * 40_000}), "more than 32,767 characters in row 3"),
        (as_csv(row()) + b'"' + b"x" * 40_000 + b'"\n', "more than 32,767 characters in row 3"),
        (as_csv(row()) + b"x" * 9_000_000, "cannot be read as CSV after line"),
        (as_csv(row()) + b'"' * 1_000_001, "cannot be read as CSV after line"),
        (
            as_csv(row()) + (b"x" * 10_000 + b"\n") * 1_030,
            "more than 10 million characters in its cells",
        ),
        (
            rewritten(
                as_xlsx(row()),
                sheet1=(
                    b"</sheetData>",
                    b"</sheetData><mergeCells/>" + b"<a>" * 300 + b"</a>" * 300,
                ),
            ),
            "nested more than 256 deep",
        ),
        (
            rewritten(
                as_xlsx(row()), workbook=(b"<workbook", b'<!DOCTYPE a [<!ENTITY b "c">]><workbook')
            ),
            "definitions that no office program writes",
        ),
    ],
)
def test_the_limit_that_a_spreadsheet_exceeds_is_named(content, message):
    with pytest.raises(UnacceptableFile, match=message):
        read_rows(content, name="a.xlsx")


def test_blank_cells_far_to_the_right_are_ignored():
    (result,) = read_rows(book_with({"XFD3": ""}), name="a.xlsx")
    assert result.text(BODY) == "Kent"


def test_one_long_text_in_many_cells_counts_in_each_of_them():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:  # stores equal texts once
        sheet = book.add_worksheet("Updates")
        sheet.write_row(0, 0, HEADINGS)
        for number in range(1, 400):
            sheet.write(number, 0, "x" * 30_000)
    assert len(file.getvalue()) < 20_000
    with pytest.raises(UnacceptableFile, match="more than 10 million characters"):
        read_rows(file.getvalue(), name="a.xlsx")


def test_a_spreadsheet_that_takes_too_long_to_read_is_refused(monkeypatch):
    monkeypatch.setattr(isolation, "MAX_CPU_SECONDS", 1)
    ranges = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (n, n) for n in range(400_000))
    merged = b"</sheetData><mergeCells>" + ranges + b"</mergeCells>"
    content = rewritten(as_xlsx(row()), sheet1=(b"</sheetData>", merged))
    with pytest.raises(UnacceptableFile, match="took longer than 1 seconds to read"):
        read_rows(content, name="a.xlsx")


def test_a_spreadsheet_of_people_is_not_unpacked_beyond_what_its_rows_need():
    padding = random.Random(1).randbytes(200_000).hex().encode() + b" " * 25_000_000
    content = rewritten(as_xlsx(row()), styles=(b"</styleSheet>", padding))
    with pytest.raises(UnacceptableFile, match="when unpacked"):
        read_rows(content, name="a.xlsx", layout=people_sheet.LAYOUT)
