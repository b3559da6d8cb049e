"""Text that people write or paste, in a form that the database, page and count agree on."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

MAX_LENGTH = 4000

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


class ProseField(forms.CharField):
    """Text of up to 4,000 characters. `subject` begins the errors: "Account of progress"."""

    widget = forms.Textarea

    def __init__(self, *, subject: str, rows: int = 8, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **options)
        self.subject = subject
        self.max_length = MAX_LENGTH  # shown and counted as the browser counts, see `validate`

    def to_python(self, value: Any) -> str:
        return super().to_python(clean_prose(value) if isinstance(value, str) else value) or ""

    def validate(self, value: str) -> None:
        super().validate(value)
        length = length_in_browser(value)
        if length > MAX_LENGTH:
            raise ValidationError(
                f"{self.subject} must be {MAX_LENGTH:,} characters or less. "
                f"You have written {length:,}",
                code="max_length",
            )

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What is shown again after an error: what was typed, cleaned."""
        return clean_prose(data) if isinstance(data, str) else data
