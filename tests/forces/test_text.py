"""Characters that cannot be seen, or look like others."""

import pytest
from django.core.exceptions import ValidationError

from forces.text import (
    clean_name,
    normalise_email,
    refuse_direction_marks,
    validate_email_letters,
    validate_name,
)
from recommendations.prose import clean_prose


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Ann\u00a0 Lee ", "Ann Lee"),
        ("A\u200bnn\u00ad L\ufeffee", "Ann Lee"),
        ("\uff21nn Lee", "Ann Lee"),  # a wide A
        ("Zoe\u0308", "Zo\u00eb"),
        ("\U0001d400nn", "Ann"),  # a mathematical A
    ],
)
def test_a_name_has_one_form(typed, name):
    assert clean_name(typed) == name


@pytest.mark.parametrize("name", ["\u0410nn Lee", "K\u03bfnt", "Ann\u202e eeL"])
def test_a_name_that_can_look_like_another_is_refused(name):
    with pytest.raises(ValidationError, match="Name must"):
        validate_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "Zo\u00eb O\u2019Neill-\u0141aba",
        "\u0410\u043d\u043d\u0430",
        "\u7530\u4e2d\u305f\u308d\u3046",
    ],
)
def test_names_of_one_alphabet_are_not(name):
    validate_name(name)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" Jo@EXAMPLE.org ", "Jo@example.org"),
        ("\uff4ao@example.org", "jo@example.org"),
        ("jo@b\u00fccher.example", "jo@xn--bcher-kva.example"),
        ("jo@example\u3002org", "jo@example.org"),
        ("no address", "no address"),
    ],
)
def test_an_email_address_has_one_form(typed, address):
    assert normalise_email(typed) == address


def test_letters_of_other_alphabets_are_refused():
    with pytest.raises(ValidationError, match="letters a to z"):
        validate_email_letters("j\u043e@example.org")


def test_a_mark_of_direction_is_refused_with_its_place():
    with pytest.raises(ValidationError, match=r"Reason must not .* after “plan is paid”"):
        refuse_direction_marks("The plan is paid \u202eton\u202c", "Reason")


def test_prose_loses_what_cannot_be_seen_and_keeps_emoji():
    assert clean_prose("co\u00adoperate\u200b\u2060") == "cooperate"
    assert clean_prose("\U0001f469\u200d\U0001f692") == "\U0001f469\u200d\U0001f692"
