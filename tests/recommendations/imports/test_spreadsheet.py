"""Rows are read from Excel and CSV files."""

import io
import random
import zipfile

import pytest

from recommendations.evidence.file_types import UnacceptableFile
from recommendations.imports import people_sheet
from recommendations.imports.columns import BODY, FORMER_HEADINGS
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


@pytest.mark.parametrize(
    "content",
    [
        rewritten(as_xlsx(row()), sheet1=(b"</sheetData>", b'<row r="20001"/></sheetData>')),
        as_csv(row()) + b"\n" * 20_000,
    ],
    ids=["xlsx", "csv"],
)
def test_a_small_file_cannot_be_a_huge_worksheet(content):
    with pytest.raises(UnacceptableFile, match="more than 20,000 rows"):
        read_rows(content, name="a.xlsx")


def test_a_spreadsheet_of_people_is_not_unpacked_beyond_what_its_rows_need():
    padding = random.Random(1).randbytes(200_000).hex().encode() + b" " * 25_000_000
    content = rewritten(as_xlsx(row()), styles=(b"</styleSheet>", padding))
    with pytest.raises(UnacceptableFile, match="when unpacked"):
        read_rows(content, name="a.xlsx", layout=people_sheet.LAYOUT)
