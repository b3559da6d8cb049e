"""The columns of the register's files, and the checks of their cells."""

import re
from datetime import date
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from forces.models import Body
from recommendations.due_words import UnreadableDueDate, resolve_due_date
from recommendations.models import Aspect, Certainty
from recommendations.register.csv_table import RowForm, TextField, quoted
from recommendations.register.facts import (
    BodyFacts,
    FormerName,
    InspectionFacts,
    RecommendationFacts,
)
from recommendations.rules import days_until_due

_DAY_AND_WORDS = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)(?:\s*\((?P<words>.+)\))?")


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


class CertaintyField(forms.ChoiceField):
    """How sure an aspect is. A file cannot confirm one, because that takes two people."""

    def __init__(self) -> None:
        super().__init__(choices=Certainty.choices)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value == Certainty.CONFIRMED:
            raise ValidationError(
                "A file cannot confirm this: two people do that on the page “Check the text”."
            )


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


class LocalPolicingBodyForm(RowForm):
    """The local policing body of a force; `force` is the slug."""

    slug = SlugField()
    name = TextField(max_length=120)
    short_name = TextField(max_length=60)
    kind = TextField(max_length=60)
    force = SlugField()

    def check(self, force_slugs: set[str]) -> None:
        """Add an error for an unknown force."""
        slug = self.cleaned_data.get("force")
        if slug and slug not in force_slugs:
            self.add_error("force", f"{quoted(slug)} is not in forces.csv.")

    def facts(self) -> BodyFacts:
        cells = dict(self.cleaned_data)
        return BodyFacts(kind=Body.Kind.LOCAL_POLICING_BODY, description=cells.pop("kind"), **cells)


def _slugs(cell: str) -> tuple[str, ...]:
    return tuple(slug for slug in map(str.strip, cell.split(";")) if slug)


class RecommendationForm(RowForm):
    """A recommendation or a part of one. `partners` are slugs separated by semicolons, or none.

    So are `forces`, a column that can be left out: without any, all forces are asked.

    `due` is a day such as 2020-12-31, words such as "within six months", or both: "2020-11-30 (by
    winter)". The part and what forces are asked to do can be empty.
    """

    optional = ("forces",)

    number = forms.IntegerField(min_value=1, max_value=999)
    part = forms.RegexField(
        r"^[a-z]\Z",
        required=False,
        error_messages={"invalid": "This is not a small letter such as a."},
    )
    title = TextField(max_length=200)
    text = TextField()
    text_is_verbatim = forms.TypedChoiceField(
        choices=[("yes", "yes"), ("no", "no")], coerce=lambda value: value == "yes"
    )
    lead = TextField()
    partners = TextField(required=False)
    due = TextField(max_length=220)
    theme = TextField(max_length=60)
    gist = CertaintyField()
    addressee = CertaintyField()
    deadline = CertaintyField()
    wording = CertaintyField()
    source = TextField(required=False)
    force_ask = TextField(required=False)
    force_done_when = TextField(required=False)
    forces = TextField(required=False)

    def clean_partners(self) -> tuple[str, ...]:
        return _slugs(self.cleaned_data["partners"])

    def clean_forces(self) -> tuple[str, ...]:
        return _slugs(self.cleaned_data["forces"])

    def clean(self) -> dict[str, Any]:
        lead, partners = self.cleaned_data.get("lead"), self.cleaned_data.get("partners", ())
        if len(set(partners)) < len(partners):
            self.add_error("partners", "This names a partner more than once.")
        if lead in partners:
            self.add_error("partners", "This names the lead.")
        ask, done_when = (self.data.get(name, "") for name in ("force_ask", "force_done_when"))
        if ask and not done_when:
            self.add_error("force_done_when", "This says when the ask counts as done: fill it in.")
        if done_when and not ask:
            self.add_error("force_ask", "This is empty, but force_done_when is not.")
        if self.cleaned_data.get("forces") and not ask:
            self.add_error("forces", "This names forces, but force_ask is empty.")
        if not self.data.get("source") and any(
            self.cleaned_data.get(name) == Certainty.REPORTED for name in Aspect.values
        ):
            self.add_error("source", "This is empty, but an aspect is reported: name the source.")
        return self.cleaned_data

    def check(
        self,
        *,
        inspection: InspectionFacts,
        slugs: set[str],
        forces: set[str],
        listed: str = "in neither forces.csv nor national_bodies.csv",
    ) -> None:
        """Add errors for unknown organisations, and for a due date that is none or too early.

        `listed` says of what is not in `slugs`, or in `forces`, that it is unknown.
        """
        if "due" in self.cleaned_data:
            self._resolve_due_date(inspection)
        lead, partners = self.cleaned_data.get("lead"), self.cleaned_data.get("partners", ())
        asked = self.cleaned_data.get("forces", ())
        for column, named, known in (
            ("lead", [lead] if lead else [], slugs),
            ("partners", partners, slugs),
            ("forces", asked, forces),
        ):
            for slug in named:
                if slug not in known:
                    self.add_error(column, f"{quoted(slug)} is {listed}.")

    def _resolve_due_date(self, inspection: InspectionFacts) -> None:
        cell = self.cleaned_data["due"]
        match = _DAY_AND_WORDS.fullmatch(cell)
        words = (match["words"] or "") if match else cell
        try:
            if match:
                due_on = date.fromisoformat(match["day"])
            else:
                due_on = resolve_due_date(words, published_on=inspection.published_on)
        except UnreadableDueDate as error:
            self.add_error("due", str(error))
        except ValueError:
            self.add_error("due", "This is not a date such as 2020-12-31.")
        else:
            self.cleaned_data |= {"due_on": due_on, "due_words": words}
            if days_until_due(due_on, on=inspection.published_on) < 0:
                published = f"the inspection was published ({inspection.published_on})."
                self.add_error("due", f"This is before {published}")

    def facts(self) -> RecommendationFacts:
        cells = {name: value for name, value in self.cleaned_data.items() if name != "due"}
        certainties = {name: cells.pop(name) for name in Aspect.values}
        return RecommendationFacts(certainties=certainties, **cells)
