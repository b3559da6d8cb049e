"""Tells which of the first two numbers of a date can be its day. Needs no Django."""

import re

_NUMBERS = re.compile(r"\s*(\d{1,2})\s*([-/.\s])\s*(\d{1,2})\s*\2\s*(?:\d{4}|\d{2})(?![\d/.-])")
_MAX_LENGTH = 40  # characters of a date with its time


def has_month_first(text: str) -> bool:
    """Whether the text can only be a date with the month first, such as `12/31/2026`."""
    first, second = _two_numbers(text)
    return 1 <= first <= 12 < second <= 31


def is_day_first(text: str) -> bool:
    """Whether the text can only be a date with the day first, such as `31/12/2026`."""
    first, second = _two_numbers(text)
    return 1 <= second <= 12 < first <= 31


def _two_numbers(text: str) -> tuple[int, int]:
    """Return the first two numbers of a date in numbers that ends with the year, or zeros."""
    match = _NUMBERS.match(text) if len(text) <= _MAX_LENGTH else None
    return (int(match[1]), int(match[3])) if match else (0, 0)
