"""The form for the closures of a force in a month: counts only."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField

from recommendations.actions.report_closures import (
    MISSING_REASON,
    ClosureCounts,
    count_errors,
    is_changed,
)
from recommendations.models import CHECK_DAYS, Closure

COUNTS = ["closed", *(f"{name}_{day}" for day in CHECK_DAYS for name in ("checked", "reopened"))]
GROUPS = [(kind, has_order) for kind in Closure.Kind for has_order in (True, False)]
_MAX_COUNT = 100_000
Key = tuple[str, bool]


class _CountField(forms.IntegerField):
    def __init__(self, *, label: str) -> None:
        wrong = f"{label} must be a whole number, such as 12"
        css = "govuk-input govuk-input--width-3"
        super().__init__(
            label=label,
            required=False,
            min_value=0,
            max_value=_MAX_COUNT,
            widget=forms.TextInput(
                attrs={"class": css, "inputmode": "numeric", "aria-label": label}
            ),
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), wrong),
        )


class MonthForm(forms.Form):
    """The counts of each kind of closure, and the numbers of the rows that were shown."""

    design = {"*": {"label_size": "s"}}

    reason = forms.ChoiceField(
        label="Reason, if you change counts that were reported before",
        choices=[("", "No earlier count changes"), *Closure.Reason.choices],
        required=False,
    )

    def __init__(self, data: Any, *, month: date, latest: Mapping[Key, Closure], on: date) -> None:
        super().__init__(data)
        self.month, self.latest, self.on = month, latest, on
        for kind, has_order in GROUPS:
            last = latest.get((kind, has_order))
            about = f"{kind.label.partition(':')[0]}, {'with' if has_order else 'without'} an order"
            for name in COUNTS:
                field = _CountField(label=f"{about}: {_label(name)}")
                field.initial = getattr(last, name) if last else None
                self.fields[_name(kind, has_order, name)] = field
            self.fields[_name(kind, has_order, "seen")] = forms.IntegerField(
                widget=forms.HiddenInput,
                initial=last.number if last else 0,
                min_value=0,
                max_value=32_000,
            )
        self.order_fields([name for name in self.fields if name != "reason"] + ["reason"])

    @property
    def rows(self) -> list[tuple[str, list[BoundField], BoundField]]:
        """The label of each kind, with its counts and the number of the row shown."""
        return [
            (
                f"{kind.label.partition(':')[0]}, {'with' if has_order else 'without'} an order",
                [self[_name(kind, has_order, name)] for name in COUNTS],
                self[_name(kind, has_order, "seen")],
            )
            for kind, has_order in GROUPS
        ]

    @property
    def seen(self) -> dict[Key, int]:
        return {key: self.cleaned_data[_name(*key, "seen")] for key in GROUPS}

    @property
    def counts(self) -> list[ClosureCounts]:
        """The kinds with a count of closed lines."""
        return [
            ClosureCounts(kind=kind, has_order=has_order, **values)
            for kind, has_order in GROUPS
            if (values := self._values(kind, has_order))["closed"] is not None
        ]

    def _values(self, kind: str, has_order: bool) -> dict[str, Any]:
        return {name: self.cleaned_data.get(_name(kind, has_order, name)) for name in COUNTS}

    def clean(self) -> dict[str, Any]:
        for kind, has_order in GROUPS:
            values, last = self._values(kind, has_order), self.latest.get((kind, has_order))
            has_errors = any(_name(kind, has_order, name) in self.errors for name in COUNTS)
            if has_errors or (last is None and not any(v is not None for v in values.values())):
                continue
            errors = count_errors(values, month=self.month, on=self.on)
            if values["closed"] is None:
                errors = {"closed": "Enter how many lines were closed, or 0"}
            for name, error in errors.items():
                self.add_error(_name(kind, has_order, name), error)
            if last and is_changed(last, values) and self.cleaned_data.get("reason") == "":
                self.add_error("reason", MISSING_REASON)
        return self.cleaned_data


def _name(kind: str, has_order: bool, name: str) -> str:
    return f"{kind}_{'order' if has_order else 'none'}_{name}"


def _label(name: str) -> str:
    what, _, day = name.partition("_")
    if not day:
        return "lines closed"
    return f"{what} {'after' if what == 'checked' else 'within'} {day} days"
