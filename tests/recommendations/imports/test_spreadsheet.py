"""Rows are read from Excel and CSV files."""

import pytest

from recommendations.evidence.file_types import UnacceptableFile
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
