"""Rows are read from Excel and CSV files."""

import pytest

from recommendations.evidence.file_types import UnacceptableFile
from recommendations.imports.columns import BODY
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
