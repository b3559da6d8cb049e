"""The forms for a new name of an organisation, and for the correction of a recorded one."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from forces.text import clean_name, validate_name
from recommendations.forms.date_input import DateInputField

EARLIEST_YEAR = 1900


class NameForm(forms.Form):
    """A name, a short name, and the first day of both."""

    design = {"*": {"label_size": "s"}}

    name = forms.CharField(
        label="Name",
        max_length=120,
        error_messages={
            "required": "Enter the name",
            "max_length": "Name must be 120 characters or less",
        },
    )
    short_name = forms.CharField(
        label="Short name",
        help_text="For tables and charts. It can stay as it is.",
        max_length=60,
        error_messages={
            "required": "Enter the short name",
            "max_length": "Short name must be 60 characters or less",
        },
    )
    since = DateInputField(
        subject="First day",
        label="First day of this name",
        help_text="Earlier days keep the name before. The day can be in the past or the future.",
        error_messages={"required": "Enter the first day of this name"},
    )

    def clean_name(self) -> str:
        return _cleaned(self.cleaned_data["name"])

    def clean_short_name(self) -> str:
        return _cleaned(self.cleaned_data["short_name"])

    def clean_since(self) -> date | None:
        since: date | None = self.cleaned_data["since"]
        if since and since.year < EARLIEST_YEAR:
            raise ValidationError(f"First day must be in {EARLIEST_YEAR} or later")
        return since


class NameCorrectionForm(NameForm):
    """The same for a recorded name. The first name of an organisation has no first day."""

    def __init__(self, *args: Any, has_first_day: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not has_first_day:
            del self.fields["since"]


def _cleaned(text: str) -> str:
    name = clean_name(text)
    validate_name(name)
    return name
