"""The columns of a file of outcome figures, and the rules for a figure."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms

from recommendations.models import Indicator, OutcomeFigure
from recommendations.register.csv_table import RowForm, TextField, check_unique
from recommendations.register.facts import OutcomeFacts

Qualifier = OutcomeFigure.Qualifier
_KEY = ("indicator", "scope", "period_start", "period_end")
_NOT_A_DAY = "This is not a date such as 2020-12-31."
_MODEL_NAMES = {"cumulative": "is_cumulative", "break_before": "breaks_before"}


def figure_errors(values: Mapping[str, Any], *, on: date | None = None) -> dict[str, str]:
    """Return what is wrong with the values of a figure that is entered `on` a day, by field."""
    value, high = values.get("value"), values.get("value_high")
    start, end = values.get("period_start"), values.get("period_end")
    qualifier = values.get("qualifier")
    errors: dict[str, str] = {}
    if qualifier == Qualifier.NOT_COLLECTED:
        if value is not None:
            errors["value"] = "Leave the figure empty if nobody collects it"
    elif value is None:
        errors["value"] = "Enter the figure"
    if qualifier == Qualifier.BETWEEN:
        if high is None or (value is not None and high <= value):
            errors["value_high"] = "Enter the end of the range, which is more than its start"
    elif high is not None:
        errors["value_high"] = "Leave the end of the range empty if the figure is no range"
    if start and end and end < start:
        errors["period_end"] = "The period must end after it starts"
    for name, day in (("period_start", start), ("period_end", end)):
        if on and day and day > on:
            errors[name] = "The period must be in the past"
    return errors


class _YesNoField(forms.TypedChoiceField):
    def __init__(self) -> None:
        super().__init__(choices=[("yes", "yes"), ("no", "no")], coerce=lambda text: text == "yes")


class _DayField(forms.DateField):
    def __init__(self, *, required: bool = True) -> None:
        super().__init__(
            required=required,
            input_formats=["%Y-%m-%d"],
            error_messages={"invalid": _NOT_A_DAY},
        )


class _FigureField(forms.DecimalField):
    def __init__(self) -> None:
        super().__init__(required=False, min_value=0, max_digits=12, decimal_places=2)


class OutcomeForm(RowForm):
    """A figure. The end of the period, the note and, if nobody collects it, the value are empty."""

    indicator = forms.ChoiceField(choices=Indicator.choices)
    scope = TextField(max_length=80)
    period_start = _DayField()
    period_end = _DayField(required=False)
    value = _FigureField()
    value_high = _FigureField()
    qualifier = forms.ChoiceField(choices=Qualifier.choices)
    unit = TextField(max_length=40)
    cumulative = _YesNoField()
    break_before = _YesNoField()
    note = TextField(max_length=1000, required=False)
    source = TextField(max_length=300)

    def clean(self) -> dict[str, Any]:
        for name, error in figure_errors(self.cleaned_data).items():
            if name not in self.errors:
                self.add_error(name, f"{error}.")
        return self.cleaned_data

    def facts(self) -> OutcomeFacts:
        cells = {_MODEL_NAMES.get(name, name): value for name, value in self.cleaned_data.items()}
        return OutcomeFacts(**cells)


def check_outcomes(rows: Iterable[OutcomeForm]) -> None:
    """Add an error to every row about the same scope and period as an earlier one."""
    check_unique(rows, *_KEY, may_be_empty=True)
