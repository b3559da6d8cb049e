"""Cleaning and counting of text that people type or paste."""

import re

from forces.text import INVISIBLE

MAX_LENGTH = 4000  # characters, as a browser counts them

# A browser sends CRLF; Word's line break is a vertical tab, and some text holds Unicode's breaks.
_LINE_BREAK = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Other control characters have no meaning here, and PostgreSQL rejects NUL.
# Nor have characters that cannot be seen, such as soft hyphens.
# U+FFFE and U+FFFF are not characters: a spreadsheet with one of them cannot be opened.
_CONTROL = re.compile(f"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff{INVISIBLE}]")


def clean_prose(text: str) -> str:
    """The text with plain line breaks and without control characters."""
    return _CONTROL.sub("", _LINE_BREAK.sub("\n", text))


def length_in_browser(text: str) -> int:
    """The length in UTF-16 code units, as the character count of the page has it: an emoji is 2."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
