"""CSV files are read in the encoding and with the separator that their program used."""

import pytest

from recommendations.evidence.file_types import UnacceptableFile
from tests.recommendations.imports.files import as_csv, row
from tests.recommendations.imports.sheets.files import read_cells, read_table

TEXT = "José\u2019s team \u2013 £5 “café”"
PLAIN = as_csv(row(Progress=TEXT)).decode("utf-8-sig")


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_recognised_without_a_note(codec):
    table = read_table(PLAIN.encode(codec), name="a.csv")
    assert table["rows"][0][1]["Progress"] == TEXT
    assert table["notes"] == []


def test_the_end_of_file_that_programs_for_dos_write_is_no_text():
    assert read_table(PLAIN.encode() + b"\x1a", name="a.csv")["rows"][0][1]["Progress"] == TEXT


@pytest.mark.parametrize(
    ("codec", "line_end", "name"),
    [
        ("cp1252", "\r\n", "Windows-1252"),
        ("mac_roman", "\r", "Mac Roman"),
        ("mac_roman", "\n", "Mac Roman"),
    ],
)
def test_older_encodings_are_recognised_and_named(codec, line_end, name):
    content = PLAIN.replace("\r\n", line_end).encode(codec)
    table = read_table(content, name="a.csv")
    assert table["rows"][0][1]["Progress"] == TEXT
    assert (
        f"was read as {name}. Check its letters: “José\u2019s”, “£5”, “café”." in table["notes"][0]
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (PLAIN.replace(TEXT, "жук слово").encode("cp1251"), "cannot be read: “æóê”, “ñëîâî”"),
        (PLAIN.replace(TEXT, "Łukasz").encode("cp1250"), "cannot be read: “£ukasz”"),
        (PLAIN.replace(TEXT, "café").encode().decode("cp1252").encode(), "damaged: “cafÃ©”"),
        (PLAIN.encode("utf-16")[:-1], "is damaged after"),
        (b"\xef\xbb\xbf" + PLAIN.encode("cp1252"), "is damaged after"),
    ],
)
def test_letters_that_cannot_be_read_are_shown(content, reason):
    with pytest.raises(UnacceptableFile, match=reason):
        read_table(content, name="a.csv")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("first", ["", "Updates, as at 1 June, 2026\n\n"])
def test_the_separator_is_found_below_title_lines(separator, first):
    cells = row(Progress="One, two; three", **{"Type of blocker": "Funding"})
    lines = [list(cells), list(map(str, cells.values()))]
    text = first + "\n".join(
        separator.join(f'"{text}"' if any(c in text for c in ",;\t|") else text for text in line)
        for line in lines
    )
    assert read_cells(text.encode(), name="a.csv")["Progress"] == "One, two; three"


@pytest.mark.parametrize("first", ["sep=;\r\n", '"sep=;"\r\n', "SEP=;\n"])
def test_a_named_separator_is_used(first):
    lines = ";".join(row()) + "\n" + ";".join(
        str(text).replace(";", ",") for text in row().values()
    )  # fmt: skip
    ((number, cells, _, _),) = read_table((first + lines).encode(), name="a.csv")["rows"]
    assert (number, cells["Organisation"]) == (3, "Kent")


def test_line_breaks_of_excel_in_a_csv_file_are_line_breaks():
    text = "One_x000D_\nTwo _x000D_ three_x000D_"
    cells = read_cells(as_csv(row(Progress=text)), name="a.csv")
    assert cells["Progress"] == "One\nTwo _x000D_ three"


def test_text_that_is_marked_as_text_is_read_and_a_formula_is_not():
    texts = {"Organisation": '="Kent"', "Progress": "=> Done", "Next steps": '=HYPERLINK("x")'}
    cells = read_cells(as_csv(row(**texts)), name="a.csv")
    assert (cells["Organisation"], cells["Progress"]) == ("Kent", "=> Done")
    assert "has a formula in cell F2" in cells["Next steps"]["problem"]


def test_text_with_a_separator_outside_quotation_marks_is_refused():
    content = as_csv(row()).decode("utf-8-sig").replace("Patrols have begun.", "Patrols, raids")
    table = read_table(content.encode(), name="a.csv")
    assert "has 11 cells, but there are 10 headings" in table["rows"][0][3]


@pytest.mark.parametrize("text", ['"Patrols', '"Patrols" begun'])
def test_a_quotation_mark_that_does_not_match_is_refused(text):
    content = as_csv(row(), row()).decode("utf-8-sig").replace("Patrols have begun.", text, 1)
    with pytest.raises(UnacceptableFile, match=r"as CSV after line 1\. Check the quotation marks"):
        read_table(content.encode(), name="a.csv")


def test_a_csv_file_with_another_name_is_read_and_noted():
    (note,) = read_table(as_csv(row()), name="updates.xlsx")["notes"]
    assert "is a CSV file, whatever its name says" in note
