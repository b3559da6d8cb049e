"""Names of uploaded files are cleaned before they are stored."""

import pytest

from recommendations.evidence.file_names import clean_name, extension_of


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\plan.pdf", "plan.pdf"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ("plan\u202efdp.exe", "planfdp.exe"),
        (".htaccess", "htaccess"),
        ('"><script>.txt', "___script_.txt"),
        ("x" * 300 + ".pdf", "x" * 136 + ".pdf"),
        ("", "file"),
        ("...", "file"),
        ("  plan   two .pdf ", "plan two.pdf"),
    ],
)
def test_a_name_is_cleaned(name, expected):
    assert clean_name(name) == expected


@pytest.mark.parametrize(("name", "expected"), [("Plan.PDF", "pdf"), ("plan", "")])
def test_an_extension_is_in_lower_case_and_can_be_missing(name, expected):
    assert extension_of(name) == expected
