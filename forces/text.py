"""Cleans and checks text that people type: characters that cannot be seen, or look like others."""

import re
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING

import idna
from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from django.db.models import Model

# Marks that change the direction of the text around them, so that it can read as something else.
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Soft hyphens, spaces without width, fillers. Joiners stay in prose: emoji need them.
INVISIBLE = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f"
    "\u3164\ufeff\uffa0"
)
_INVISIBLE_IN_NAMES = re.compile(f"[{INVISIBLE}\u200c\u200d\ufe00-\ufe0f\U000e0000-\U000e0fff]")
# Alphabets whose letters look alike. Others are mixed in ordinary words, such as those of Japanese.
_ALPHABETS = {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"}
_CONTEXT = 3  # words before the mark that an error shows


def refuse_direction_marks(text: str, subject: str) -> None:
    """Raise ValidationError for a mark that changes the direction of text. `subject` begins it."""
    if mark := _DIRECTION.search(text):
        before = " ".join(_DIRECTION.sub("", text[: mark.start()]).split()[-_CONTEXT:])
        place = f"after “{before}”" if before else "at its beginning"
        raise ValidationError(
            f"{subject} must not have the invisible mark {place}, which changes the direction of "
            "the text. Delete the words there and type them again",
            code="direction",
        )


def clean_name(text: str) -> str:
    """A name in its normal form (NFKC), without invisible characters and with single spaces."""
    visible = _INVISIBLE_IN_NAMES.sub("", unicodedata.normalize("NFKC", text))
    return " ".join(visible.split())


def validate_name(name: str) -> None:
    """Raise ValidationError for a name that can look like another."""
    refuse_direction_marks(name, "Name")
    for word in name.split():
        if len({alphabet for letter in word if (alphabet := _alphabet(letter))}) > 1:
            raise ValidationError(
                f"Name must have letters of one alphabet in each word: “{word}” has letters that "
                "look like others",
                code="alphabets",
            )


def validate_fields(instance: "Model", checks: dict[str, Callable[[str], None]]) -> None:
    """Run the check of each field. Raises one ValidationError with the errors of all fields."""
    errors = {}
    for field, check in checks.items():
        try:
            check(getattr(instance, field))
        except ValidationError as error:
            errors[field] = error
    if errors:
        raise ValidationError(errors)


def _alphabet(letter: str) -> str:
    first = unicodedata.name(letter, "").partition(" ")[0]
    return first if first in _ALPHABETS else ""


def normalise_email(email: str) -> str:
    """An address in its normal form, in which addresses are compared and stored.

    Wide and other forms of a letter become that letter (NFKC, as in PRECIS, RFC 8265), and a domain
    with accents becomes its ASCII form (IDNA, UTS 46). The case of the part before the @ is kept.
    What has no normal form is returned as it is.
    """
    local, at, domain = unicodedata.normalize("NFKC", email.strip()).rpartition("@")
    try:
        return local + at + idna.encode(domain, uts46=True).decode().lower()
    except idna.IDNAError:
        return email.strip()


def validate_email_letters(email: str) -> None:
    """Raise ValidationError for letters that can look like others: a Cyrillic A, for example."""
    if not email.isascii():
        raise ValidationError(
            "Email address must only have the letters a to z without accents, numbers and symbols"
        )
