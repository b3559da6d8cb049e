"""Text that people write or paste, in a form that the database, page and count agree on."""

import re

MAX_LENGTH = 4000  # characters, as a browser counts them

# A browser sends CRLF; Word's line break is a vertical tab, and some text holds Unicode's breaks.
_LINE_BREAK = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Other control characters mean nothing here, and PostgreSQL refuses NUL.
# U+FFFE and U+FFFF are no characters: a spreadsheet that held one could not be read again.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")


def clean_prose(text: str) -> str:
    """The same words with plain line breaks and without control characters."""
    return _CONTROL.sub("", _LINE_BREAK.sub("\n", text))


def length_in_browser(text: str) -> int:
    """As JavaScript counts: an emoji is two. The character count beside the box agrees."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
