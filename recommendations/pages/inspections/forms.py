"""The form that adds an inspection."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from forces.text import refuse_direction_marks
from recommendations.forms.date_input import DateInputField
from recommendations.imports.inspection_sheet import LAYOUT
from recommendations.models import Inspection
from recommendations.pages.sheet_upload import SheetForm
from recommendations.register.facts import InspectionFacts
from recommendations.rules import days_until_due


class InspectionForm(SheetForm):
    """What the inspection is, and its recommendations in a file or as text."""

    layout = LAYOUT
    noun = "recommendations"

    title = forms.CharField(
        label="Title", max_length=200, error_messages={"required": "Enter the title"}
    )
    publisher = forms.CharField(
        label="Published by",
        max_length=120,
        initial="HMICFRS",
        error_messages={"required": "Enter who published it"},
    )
    published_on = DateInputField(subject="Date of publication", label="Date of publication")
    slug = forms.RegexField(
        r"^[a-z0-9]+(-[a-z0-9]+)*\Z",
        label="Name in addresses",
        help_text="Such as custody-2025. It cannot be changed later.",
        max_length=60,
        error_messages={
            "required": "Enter the name in addresses",
            "invalid": "Use small letters, digits and hyphens only, such as custody-2025",
        },
    )
    field_order = ("title", "publisher", "published_on", "slug", "file", "rows")

    def __init__(self, *args: Any, on: date, is_synthetic: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.on, self.is_synthetic = on, is_synthetic

    def clean_title(self) -> str:
        return _one_line(self.cleaned_data["title"], "Title")

    def clean_publisher(self) -> str:
        return _one_line(self.cleaned_data["publisher"], "Published by")

    def clean_published_on(self) -> date:
        day: date = self.cleaned_data["published_on"]
        if days_until_due(day, on=self.on) > 0:
            raise ValidationError("Date of publication must be today or in the past")
        return day

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if Inspection.objects.filter(slug=slug).exists():
            raise ValidationError("There is already an inspection with this name in addresses")
        return slug

    def facts(self) -> InspectionFacts:
        names = ("title", "publisher", "published_on", "slug")
        cells = {name: self.cleaned_data[name] for name in names}
        return InspectionFacts(**cells, is_synthetic=self.is_synthetic)


def _one_line(text: str, subject: str) -> str:
    refuse_direction_marks(text, subject)
    if not text.isprintable():
        raise ValidationError(f"{subject} must be one line of text")
    return text
