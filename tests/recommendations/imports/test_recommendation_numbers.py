"""A cell names one recommendation, in the forms that people use."""

import pytest

from recommendations.imports.recommendation_numbers import NotANumber, recommendation_reference

TITLES = {"consistent mapping": "5", "organised teams": "6", "a register": "5a"}


@pytest.mark.parametrize(
    "text",
    [
        *("5", "5.0", "5.", "05", "5)", "#5", "R5", "r 5", "R.5", "Rec 5", "Rec. 5", "REC5"),
        *("Recommendation 5", "Recommendation no. 5", "Recommendation: 5", "No 5", "5 "),
        *("5. Consistent mapping", "5: Consistent mapping", "5 \N{EN DASH} Consistent mapping"),
        *("5. A title that has changed", "5 Organisation", "\uff15", "5\u200b"),
        "R5\N{NO-BREAK SPACE}Consistent mapping",
    ],
)
def test_one_number_is_read_in_many_forms(text):
    assert recommendation_reference(text, TITLES) == "5"


@pytest.mark.parametrize(
    "text",
    [
        *("5a", "5A", "R5a", "Rec 5 a", "5(a)", "5 (a)", "5 part a", "05a", "5a.", "5 a)"),
        *("Recommendation 5a: A register", "5a A register", "5 (a) A register"),
    ],
)
def test_a_part_is_read_in_many_forms(text):
    assert recommendation_reference(text, TITLES) == "5a"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "five",
            "5.5",
            "1.9",
            "-5",
            "5ab",
            "5 a, b",
            "5a and 5b",
            "5a, b",
            "5 and 6",
            "5 & 6",
        ),
        *("5, 6", "5-6", "5 - 6", "5 to 7", "5/6", "5 6", "2026-05-01", "True", "12345"),
        "5. Organised teams",
        "x" * 30_000,
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(NotANumber):
        recommendation_reference(text, TITLES)
