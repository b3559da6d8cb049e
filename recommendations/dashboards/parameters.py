"""Values in the parameters of an address. What is not valid is ignored, with a note."""

from collections.abc import Container
from datetime import date

from recommendations.date_texts import read_day
from recommendations.references import is_reference

EARLIEST_DAY, LATEST_DAY = date(1900, 1, 1), date(2200, 1, 1)
MAX_QUOTED_LENGTH = 60  # characters
REVERSED_NOTE = "The dates were the wrong way round, so they were swapped."


def ignored_note(value: str, noun: str) -> str:
    """Return the note for the reader that a value was ignored; `noun` says what it should be."""
    return f"“{value[:MAX_QUOTED_LENGTH]}” is not a valid {noun}, so it was ignored."


def parse_choice(text: str, choices: Container[str], *, noun: str, notes: list[str]) -> str:
    """Return the text if it is one of the choices; otherwise "", and add a note."""
    text = text.replace("\x00", "").strip()
    if not text or text in choices:
        return text
    notes.append(ignored_note(text, noun))
    return ""


def parse_reference(text: str, notes: list[str]) -> str:
    """Return the text if it is the reference of a recommendation; otherwise "", and add a note."""
    text = text.replace("\x00", "").strip().lower()
    if not text or is_reference(text):
        return text
    notes.append(ignored_note(text, "recommendation"))
    return ""


def parse_day(text: str, notes: list[str]) -> date | None:
    """Return the London day of an ISO date or one like 25/11/2026, between 1900 and 2200.

    None if the text is empty, or is not a real date: then a note is added.
    """
    text = text.replace("\x00", "").strip()
    if not text:
        return None
    try:
        on = read_day(text)
    except ValueError:
        notes.append(ignored_note(text, "date"))
        return None
    return min(max(on, EARLIEST_DAY), LATEST_DAY)
