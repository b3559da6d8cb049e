import pytest
from django.core.exceptions import ValidationError

from recommendations.forms.prose import ProseField
from recommendations.prose import MAX_LENGTH, clean_prose


@pytest.fixture
def field():
    return ProseField(subject="Progress")


def test_line_breaks_of_a_browser_become_plain_ones(field):
    assert field.clean("One\r\nTwo\rThree") == "One\nTwo\nThree"


def test_control_characters_are_removed(field):
    assert field.clean("a\x00b\x07c\x9fd") == "abcd"


def test_text_pasted_from_word_is_not_changed(field):
    pasted = "“Smart” quotes, a dash — and …\n•\tA bullet\n£5 café"
    assert field.clean(pasted) == pasted
    assert field.clean("Line\x0bbreak") == "Line\nbreak"


def test_the_limit_counts_characters_as_a_browser_does(field):
    assert field.clean("x\r\n" * (MAX_LENGTH // 2 - 1) + "xx")
    assert field.clean("👍" * (MAX_LENGTH // 2))
    with pytest.raises(ValidationError, match=r"4,000 characters or less\. You have written 4,002"):
        field.clean("👍" * (MAX_LENGTH // 2 + 1))


def test_cleaning_twice_gives_the_same_text():
    messy = "a\r\n\x00\r\x0b\x85\u2028b"
    assert clean_prose(clean_prose(messy)) == clean_prose(messy)


def test_only_space_is_not_an_answer(field):
    with pytest.raises(ValidationError):
        field.clean(" \r\n\t\x00 ")
