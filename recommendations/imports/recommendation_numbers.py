"""Reads the number of a recommendation: 5, 5.0, R5, Rec 5, Recommendation 5, or 5. Its title."""

import re
from collections.abc import Mapping

from recommendations.imports.sheets.grid import fold

_NUMBER = re.compile(
    r"(?:(?:recommendation|recomm?|rec|r|no|number|#)[\s.:#\-]*(?:no\.?\s*|number\s*)?)?"
    r"0*([0-9]{1,4})(?:\.0+)?(?P<end>[.:)]|\s*[-\u2013\u2014])?(?:\s+(?P<title>.*))?"
)
# What follows the number of one recommendation if a cell names several, or a part of one.
_NOT_A_TITLE = re.compile(r"(?:and|or|to|plus|part)(?![a-z])|[a-z]$|[&+/,(]|[^a-z]*\d")
_MAX_LENGTH = 300  # characters


class NotANumber(ValueError):
    """The text is not the number of one recommendation. The message follows the heading."""


def recommendation_number(text: str, titles: Mapping[str, int]) -> int:
    """Return the number. `titles` has the numbers by folded title. Raises NotANumber.

    A title after the number must not be that of another recommendation.
    """
    match = _NUMBER.fullmatch(fold(text[:_MAX_LENGTH]))
    shown = " ".join(text.split())[:60]
    if match is None:
        found = f", like 5, not “{shown}”" if shown else ", like 5"
        raise NotANumber(f"must be the recommendation's number{found}")
    number, title = int(match[1]), (match["title"] or "").strip()
    if title and _NOT_A_TITLE.match(title):
        raise NotANumber(
            f"must be the recommendation's number, like 5, not “{shown}”. Use one row for each "
            "recommendation"
        )
    if titles.get(title, number) != number:
        raise NotANumber(
            f"“{shown}” has the number of one recommendation and the title of recommendation "
            f"{titles[title]}"
        )
    return number
