"""The form field for text that people type or paste."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from forces.text import refuse_direction_marks
from recommendations.prose import MAX_LENGTH, clean_prose, length_in_browser


class ProseField(forms.CharField):
    """Text of up to 4,000 characters. `subject` begins its errors: "Next steps must be …"."""

    widget = forms.Textarea

    def __init__(self, *, subject: str, rows: int = 8, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **options)
        self.subject = subject
        self.max_length = MAX_LENGTH  # for the character count of the page; `validate` checks it

    def to_python(self, value: Any) -> str:
        return super().to_python(clean_prose(value) if isinstance(value, str) else value) or ""

    def validate(self, value: str) -> None:
        super().validate(value)
        refuse_direction_marks(value, self.subject)
        length = length_in_browser(value)
        if length > MAX_LENGTH:
            raise ValidationError(
                f"{self.subject} must be {MAX_LENGTH:,} characters or less. "
                f"You have written {length:,}",
                code="max_length",
            )

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was typed, cleaned, to be shown again after an error."""
        return clean_prose(data) if isinstance(data, str) else data
