"""The forms that add and correct an outcome figure, and those for a file of figures."""

from dataclasses import fields
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from forces.text import refuse_direction_marks
from recommendations.actions.enter_outcomes import MISSING_REASON
from recommendations.dashboards.outcomes.words import number_words
from recommendations.forms.choices import DenseRadios
from recommendations.forms.date_input import DateInputField
from recommendations.forms.prose import ProseField
from recommendations.imports.outcome_sheet import LAYOUT
from recommendations.models import Indicator, OutcomeFigure
from recommendations.pages.sheet_upload import SheetForm
from recommendations.register.facts import OutcomeFacts
from recommendations.register.outcome_form import figure_errors

_NUMBER = "Enter a number with up to two decimals, such as 1,500 or 65.4"


class _LineField(forms.CharField):
    """One line of text. `subject` begins its errors."""

    def __init__(self, *, subject: str, **options: Any) -> None:
        errors = {
            "required": f"Enter the {subject.lower()}",
            "max_length": f"{subject} must be {options['max_length']} characters or less",
        }
        super().__init__(error_messages=errors, **options)
        self.subject = subject

    def validate(self, value: str) -> None:
        super().validate(value)
        refuse_direction_marks(value, self.subject)
        if value and not value.isprintable():
            raise ValidationError(f"{self.subject} must be one line of text")


class _NumberField(forms.DecimalField):
    def __init__(self, *, label: str) -> None:
        super().__init__(
            label=label,
            required=False,
            min_value=0,
            max_digits=12,
            decimal_places=2,
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            error_messages=dict.fromkeys(
                ("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits"),
                _NUMBER,
            ),
        )

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", "") if isinstance(value, str) else value)


class FigureForm(forms.Form):
    """A figure with its source."""

    design = {"*": {"label_size": "s"}}

    indicator = forms.ChoiceField(
        choices=[("", "Select an indicator"), *Indicator.choices],
        error_messages={"required": "Select the indicator"},
    )
    scope = _LineField(
        subject="Scope",
        max_length=80,
        help_text="Who or where, such as United Kingdom, as in the figures before it",
    )
    period_start = DateInputField(subject="First day of the period", label="First day")
    period_end = DateInputField(
        subject="Last day of the period",
        label="Last day (optional)",
        required=False,
        help_text="Leave it empty if it was not published.",
    )
    qualifier = forms.ChoiceField(
        label="How sure",
        choices=OutcomeFigure.Qualifier.choices,
        widget=DenseRadios,
        error_messages={"required": "Select how sure the figure is"},
    )
    value = _NumberField(label="Figure, or start of the range (empty if nobody collects it)")
    value_high = _NumberField(label="End of the range (optional)")
    unit = _LineField(subject="Unit", max_length=40, help_text="Such as lines, people or percent")
    is_cumulative = forms.BooleanField(
        label="It counts from the start of a programme", required=False
    )
    breaks_before = forms.BooleanField(
        label="It is not comparable with the figure before it", required=False
    )
    note = _LineField(subject="Note", label="Note (optional)", max_length=1000, required=False)
    source = _LineField(subject="Source", max_length=300, help_text="Who published it, and when")

    def __init__(self, data: Any, *, on: date, figure: OutcomeFigure | None = None) -> None:
        names = [field.name for field in fields(OutcomeFacts)]
        initial = {name: getattr(figure, name) for name in names} if figure else {}
        for name in ("value", "value_high"):
            if initial.get(name) is not None:
                initial[name] = number_words(initial[name])
        super().__init__(data, initial=initial)
        self.on = on

    def clean(self) -> dict[str, Any]:
        for name, error in figure_errors(self.cleaned_data, on=self.on).items():
            if name not in self.errors:
                self.add_error(name, error)
        return self.cleaned_data

    def facts(self) -> OutcomeFacts:
        return OutcomeFacts(**{f.name: self.cleaned_data[f.name] for f in fields(OutcomeFacts)})


class CorrectionForm(FigureForm):
    """The same for a figure that is corrected, or that should not be there."""

    is_removed = forms.BooleanField(
        label="Remove this figure: it should not be here", required=False
    )
    reason = ProseField(
        subject="Reason",
        label="Reason for the correction",
        rows=3,
        error_messages={"required": MISSING_REASON},
    )


class OutcomeSheetForm(SheetForm):
    """Figures in a file or as text."""

    layout = LAYOUT
    noun = "figures"


class ConfirmForm(forms.Form):
    """What the preview of a file submits. Figures that it corrects need a reason."""

    design = {"*": {"label_size": "s"}}

    rows = forms.CharField(widget=forms.HiddenInput, strip=False)
    shown = forms.CharField(widget=forms.HiddenInput)
    reason = ProseField(
        subject="Reason",
        label="Reason for the corrections",
        rows=3,
        error_messages={"required": MISSING_REASON},
    )

    def __init__(self, *args: Any, has_corrections: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not has_corrections:
            del self.fields["reason"]
