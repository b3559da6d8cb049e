import pytest

from recommendations.case_details import case_detail_error


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Call the desk on 020 7946 0000 today.", "a telephone number"),
        ("Text 07700 900123.", "a telephone number"),
        ("The line is +44 (0) 7700 900 123", "a telephone number"),
        ("Ring 0044 7700-900-123", "a telephone number"),
        ("07700900123", "a telephone number"),
        ("Write to jo.hale @ kent.police.uk", "an email address"),
        ("As agreed under Operation Venetic", "the name of an operation"),
        ("Op MARBLE needs a lead", "the name of an operation"),
        ("See crime number 46/12345/26", "a reference of a crime or incident"),
        ("Custody record no. 1234567", "a reference of a crime or incident"),
        ("Ours is 42/118903/26", "a reference of a crime or incident"),
        ("URN 20EL1234526 is ours", "a reference of a crime or incident"),
    ],
)
def test_details_of_cases_are_found(text, what):
    assert f"looks like {what}. Remove it." in case_detail_error(text)


@pytest.mark.parametrize(
    "text",
    [
        "Send the analysis for 2025/26 and 2026/27 by 30/11/2026.",
        "We found 1,200 lines and 43 forces, 2019 to 2026.",
        "The operation of the desk needs 3 analysts; the crime figures are 4 months old.",
        "Decide on recommendations 5a, 7 and 10 by 31 December 2026.",
        "Crime in 2026 rose; 100,000 messages.",
        "Co-operation with the unit on operational matters.",
    ],
)
def test_ordinary_text_is_accepted(text):
    assert case_detail_error(text) == ""
