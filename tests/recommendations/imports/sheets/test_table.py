"""The table is found on any sheet and below title lines, however its headings are written."""

import pytest

from recommendations.evidence.file_types import UnacceptableFile
from recommendations.imports.columns import HEADINGS
from tests.recommendations.imports.files import as_csv, row
from tests.recommendations.imports.sheets.files import (
    answers,
    head,
    line,
    read_cells,
    read_table,
    text_cell,
    xlsx,
)

TABLE = head() + answers()


def test_headings_are_found_below_title_lines_and_on_another_sheet():
    title = line(1, text_cell("A1", "County lines: updates"), text_cell("B1", "Organisation"))
    sheets = (("June", "", title + head(4) + answers(5)),)
    table = read_table(xlsx(line(1, text_cell("A1", "Read me")), sheets=sheets))
    assert table["rows"][0][0] == 5
    assert table["notes"] == ["The headings are in row 4 of the sheet “June”."]


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        lambda heading: f"  {heading} ",
        lambda heading: heading.replace(" ", "\n"),
        lambda heading: heading.replace(" ", "\N{NO-BREAK SPACE}"),
        lambda heading: f"\N{ZERO WIDTH SPACE}{heading[0]}\N{SOFT HYPHEN}{heading[1:]}\ufeff",
        lambda heading: f"{heading}:",
        lambda heading: f"{heading} *",
    ],
)
def test_headings_are_compared_without_what_cannot_be_seen(change):
    texts = [text_cell(f"{at}1", change(name)) for at, name in zip("ABCDEFGHIJ", HEADINGS)]  # noqa: B905
    assert read_cells(xlsx(line(1, *texts), answers()))["Organisation"] == "Kent"


def test_missing_columns_are_named_with_what_was_found_and_where():
    content = as_csv(row()).decode("utf-8-sig").replace("Organisation", "Force").encode()
    with pytest.raises(UnacceptableFile) as refused:
        read_table(b"Title\n\n" + content, name="a.csv")
    assert "does not have the column Organisation. Row 3 has: Force (A), Recommendation (B)" in str(
        refused.value
    )
    sheets = (("June", "", line(2, text_cell("A2", "Status"))),)
    with pytest.raises(UnacceptableFile, match="Row 2 of the sheet “June” has: Status"):
        read_table(xlsx(line(1, text_cell("A1", "Notes")), sheets=sheets))


def test_the_sheet_of_the_template_comes_first():
    table = read_table(xlsx(TABLE, sheets=(("updates", "", head() + answers(7)),)))
    assert table["rows"][0][0] == 7
    assert "Other sheets with the same columns are not read: “Sheet1”." in table["notes"]


def test_two_sheets_with_the_columns_are_refused():
    with pytest.raises(UnacceptableFile, match="on more than one sheet: “Sheet1” and “June”"):
        read_table(xlsx(TABLE, sheets=(("June", "", TABLE),)))


def test_a_hidden_sheet_is_only_read_if_there_is_no_other():
    hidden = ("Updates", 'state="veryHidden"', head() + answers(9))
    assert read_table(xlsx(TABLE, sheets=(hidden,)))["rows"][0][0] == 2
    table = read_table(xlsx(line(1, text_cell("A1", "Notes")), sheets=(hidden,)))
    assert table["rows"][0][0] == 9
    assert "The sheet “Updates” is hidden in the file." in table["notes"]


def test_columns_that_are_not_read_are_named():
    other = line(1, *(text_cell(f"{at}1", name) for at, name in zip("ABCDEFGHIJ", HEADINGS)),  # noqa: B905
                 text_cell("K1", "Due date"), text_cell("L1", "Owner"))  # fmt: skip
    content = xlsx(other, answers(K=text_cell("K2", "x"), M=text_cell("M2", "note")))
    assert read_table(content)["notes"] == [
        "These columns are not read: Owner (L), column M, which has no heading."
    ]


def test_a_large_sheet_without_the_columns_does_not_matter():
    rows = "".join(line(n, text_cell(f"A{n}", "x")) for n in range(1, 200))
    last = line(30_000, text_cell("A30000", "x"))
    assert read_table(xlsx(rows, last, sheets=(("Updates", "", TABLE),)))["rows"]
