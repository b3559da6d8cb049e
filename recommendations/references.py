"""References of recommendations: the number and, for a part, its letter: "5" or "5a".

Also their place in addresses: `<reference:reference>`.
"""

import re
from typing import NamedTuple

_REFERENCE = re.compile(r"(?P<number>[1-9][0-9]{0,2})(?P<part>[a-z]?)")


class ReferenceKey(NamedTuple):
    """What sorts references: 5, 5a, 5b, 10."""

    number: int
    part: str


def reference_key(reference: str) -> ReferenceKey:
    """Return the sort key of a reference. Raises ValueError if the text is none."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError(f"{reference!r} is not the reference of a recommendation")
    return ReferenceKey(int(match["number"]), match["part"])


def is_reference(text: str) -> bool:
    return _REFERENCE.fullmatch(text) is not None


class ReferenceConverter:
    """Matches a reference in an address."""

    regex = _REFERENCE.pattern.replace("?P<number>", "?:").replace("?P<part>", "?:")

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: object) -> str:
        return str(value)


def reference_cell(reference: str) -> int | str:
    """Return the reference as a cell of a file: a number, unless it is that of a part."""
    return int(reference) if reference.isdigit() else reference
