"""Reads which recommendation a cell names: 5, 5.0, R5, Rec 5 a, 5(a), or 5. Its title."""

import re
from collections.abc import Mapping

from recommendations.imports.sheets.grid import fold

_NUMBER = re.compile(
    r"(?:(?:recommendation|recomm?|rec|r|no|number|#)[\s.:#\-]*(?:no\.?\s*|number\s*)?)?"
    r"0*([0-9]{1,4})(?:\.0+)?"
    r"(?:(?P<part>[a-z])(?![a-z])|\s*\((?P<bracketed>[a-z])\)"
    r"|\s*(?:part\s+)?(?P<apart>[a-z])(?=\s*(?:$|[.:)]|[-\u2013\u2014])))?"
    r"(?P<end>[.:)]|\s*[-\u2013\u2014])?(?:\s+(?P<title>.*))?"
)
# What follows the number of one recommendation if a cell names several.
_NOT_A_TITLE = re.compile(
    r"(?:and|or|to|plus|part)(?![a-z])|[a-z](?:$|\s*[,&+/]|\s+(?:and|or)\s)"
    r"|[&+/,(]|[^a-z]*\d"
)
_MAX_LENGTH = 300  # characters


class NotANumber(ValueError):
    """The text is not the number of one recommendation. The message follows the heading."""


def recommendation_reference(text: str, titles: Mapping[str, str]) -> str:
    """Return the reference. `titles` has the references by folded title. Raises NotANumber.

    A title after the number must not be that of another recommendation.
    """
    match = _NUMBER.fullmatch(fold(text[:_MAX_LENGTH]))
    shown = " ".join(text.split())[:60]
    if match is None:
        found = f", like 5, not “{shown}”" if shown else ", like 5"
        raise NotANumber(f"must be the recommendation's number{found}")
    part = match["part"] or match["bracketed"] or match["apart"] or ""
    reference, title = f"{int(match[1])}{part}", (match["title"] or "").strip()
    if title and _NOT_A_TITLE.match(title):
        raise NotANumber(
            f"must be the recommendation's number, like 5, not “{shown}”. Use one row for each "
            "recommendation"
        )
    if titles.get(title, reference) != reference:
        raise NotANumber(
            f"“{shown}” has the number of one recommendation and the title of recommendation "
            f"{titles[title]}"
        )
    return reference
