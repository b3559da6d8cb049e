"""A word with a letter that another program replaced is found, and a question is not."""

import pytest

from recommendations.imports.rows import SpreadsheetRow


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("We don?t know", "don?t"),
        ("Costs ?20,000", "?20,000"),
        ("From 2026 ? 2027", "?"),
        ("The caf? on the corner", "caf?"),
        ("Jos?, of Kent", "Jos?,"),
        ("Jos\ufffd of Kent", "Jos\ufffd"),
        ("Is it done? Yes. Why?", ""),
        ("Is it done?\nYes (or no?)", ""),
        ("See https://example.org/?a=b&c?d and www.example.org?x", ""),
    ],
)
def test_a_lost_letter_is_found(text, word):
    assert SpreadsheetRow(number=2, cells={"Progress": text}).lost_letters("Progress") == word


def test_every_question_mark_in_a_name_is_a_lost_letter():
    row = SpreadsheetRow(number=2, cells={"Name": "Jos? Hale"})
    assert row.lost_letters("Name", is_name=True) == "Jos?"
