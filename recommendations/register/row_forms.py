"""The columns of the register's files, and the checks of their cells."""

from datetime import date
from itertools import pairwise
from typing import Any

from django import forms

from forces.models import Body
from recommendations.models import Recommendation
from recommendations.register.csv_table import RowForm, TextField, quoted
from recommendations.register.facts import (
    BodyFacts,
    FormerName,
    InspectionFacts,
    RecommendationFacts,
)
from recommendations.rules import days_until_due


class SlugField(forms.RegexField):
    def __init__(self) -> None:
        super().__init__(
            r"^[a-z0-9]+(-[a-z0-9]+)*\Z",
            max_length=60,
            error_messages={"invalid": "This can only contain small letters, digits and hyphens."},
        )


class FormerNamesField(TextField):
    """`Kent Constabulary until 2020-01-31; ...`, oldest first: the next name begins on that day."""

    def __init__(self) -> None:
        super().__init__(required=False)

    def clean(self, value: Any) -> tuple[FormerName, ...]:
        parts = [part.strip() for part in super().clean(value).split(";")]
        names = tuple(_former_name(part) for part in parts if part)
        if any(first.until >= second.until for first, second in pairwise(names)):
            raise forms.ValidationError("These names are not in the order of their days.")
        return names


def _former_name(text: str) -> FormerName:
    name, _, until = text.rpartition(" until ")
    try:
        day = date.fromisoformat(until.strip())
    except ValueError:
        day = None
    if day is None or not name.strip() or len(name) > 120:
        raise forms.ValidationError(
            f"{quoted(text)} is not a former name such as Kent Constabulary until 2020-01-31."
        )
    return FormerName(name.strip(), day)


class ForceForm(RowForm):
    """A force. In London it has no regional organised crime unit."""

    optional = ("former_names",)

    slug = SlugField()
    name = TextField(max_length=120)
    short_name = TextField(max_length=60)
    ons_code = forms.RegexField(
        r"^[EW][0-9]{8}\Z",
        error_messages={"invalid": "This is not a police force area code such as E23000032."},
    )
    country = forms.ChoiceField(choices=[("England", "England"), ("Wales", "Wales")])
    region = TextField(max_length=80)
    rocu = TextField(max_length=80, required=False)
    police_uk_slug = SlugField()
    tile_col = forms.IntegerField(min_value=0, max_value=999)
    tile_row = forms.IntegerField(min_value=0, max_value=999)
    former_names = FormerNamesField()

    def facts(self) -> BodyFacts:
        cells = dict(self.cleaned_data)
        return BodyFacts(kind=Body.Kind.FORCE, tile_column=cells.pop("tile_col"), **cells)


class NationalBodyForm(RowForm):
    """A national body. Without a short name, it is the start of the name."""

    optional = ("short_name",)

    slug = SlugField()
    name = TextField(max_length=120)
    kind = TextField(max_length=60)
    short_name = TextField(max_length=60, required=False)

    def facts(self) -> BodyFacts:
        cells = self.cleaned_data
        return BodyFacts(
            slug=cells["slug"],
            kind=Body.Kind.NATIONAL,
            name=cells["name"],
            short_name=cells["short_name"] or cells["name"][:60],
            description=cells["kind"],
        )


class RecommendationForm(RowForm):
    """A recommendation. `partners` are slugs separated by semicolons, and may be none."""

    number = forms.IntegerField(min_value=1, max_value=999)
    title = TextField(max_length=200)
    summary = TextField()
    lead = TextField()
    partners = TextField(required=False)
    due = forms.DateField(
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": "This is not a date such as 2020-12-31."},
    )
    theme = TextField(max_length=60)
    source_status = forms.ChoiceField(choices=Recommendation.SourceStatus.choices)

    def clean_partners(self) -> tuple[str, ...]:
        slugs = (slug.strip() for slug in self.cleaned_data["partners"].split(";"))
        return tuple(slug for slug in slugs if slug)

    def clean(self) -> dict[str, Any]:
        lead, partners = self.cleaned_data.get("lead"), self.cleaned_data.get("partners", ())
        if len(set(partners)) < len(partners):
            self.add_error("partners", "This names a partner more than once.")
        if lead in partners:
            self.add_error("partners", "This names the lead.")
        return self.cleaned_data

    def check(self, *, inspection: InspectionFacts, slugs: set[str]) -> None:
        """Add errors for unknown organisations, and a date before the inspection's publication."""
        due_on = self.cleaned_data.get("due")
        if due_on and days_until_due(due_on, on=inspection.published_on) < 0:
            published = f"the inspection was published ({inspection.published_on})."
            self.add_error("due", f"This is before {published}")
        lead, partners = self.cleaned_data.get("lead"), self.cleaned_data.get("partners", ())
        for column, named in (("lead", [lead] if lead else []), ("partners", partners)):
            for slug in named:
                if slug not in slugs:
                    error = f"{quoted(slug)} is in neither forces.csv nor national_bodies.csv."
                    self.add_error(column, error)

    def facts(self) -> RecommendationFacts:
        cells = dict(self.cleaned_data)
        return RecommendationFacts(due_on=cells.pop("due"), **cells)
