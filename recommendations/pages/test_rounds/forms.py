"""Forms of test rounds: the seed of a round, and the result of a test."""

from typing import Any

from django import forms

from forces.text import refuse_direction_marks
from recommendations.actions.record_test import MISSING_REASON, is_reason_needed
from recommendations.forms.choices import DenseRadios
from recommendations.forms.prose import ProseField
from recommendations.models import MAX_ROUND_SIZE, ClaimTestResult

_SIZE = f"Number of claims must be between 1 and {MAX_ROUND_SIZE}"
_SELECT_OUTCOME = "Select what the test showed"


class SeedForm(forms.Form):
    """The seed of a round, where it is published, and how many claims are drawn."""

    design = {"*": {"label_size": "s"}}

    seed_source = forms.CharField(
        label="Where is the seed published?",
        help_text="A public value that nobody here can choose, such as the National Lottery "
        "numbers of a day.",
        max_length=300,
        error_messages={
            "required": "Enter where the seed is published",
            "max_length": "Where it is published must be 300 characters or less",
        },
    )
    seed = forms.CharField(
        label="Seed",
        help_text="Type it as it is published. It cannot be changed afterwards.",
        max_length=100,
        error_messages={
            "required": "Enter the seed",
            "max_length": "Seed must be 100 characters or less",
        },
    )
    size = forms.IntegerField(
        label="How many claims are to be tested?",
        initial=40,
        min_value=1,
        max_value=MAX_ROUND_SIZE,
        widget=forms.TextInput(
            attrs={"class": "govuk-input govuk-input--width-3", "inputmode": "numeric"}
        ),
        error_messages={
            "required": "Enter how many claims are to be tested",
            **dict.fromkeys(("invalid", "min_value", "max_value"), _SIZE),
        },
    )

    def clean_seed_source(self) -> str:
        return _checked(self.cleaned_data["seed_source"], "Where it is published")

    def clean_seed(self) -> str:
        return _checked(self.cleaned_data["seed"], "Seed")


def _checked(text: str, subject: str) -> str:
    refuse_direction_marks(text, subject)
    return text


class ResultForm(forms.Form):
    """What a test showed. `seen` is the number of the last result when the form was shown."""

    design = {"*": {"label_size": "s"}, "reason": {"threshold": 75}}

    outcome = forms.ChoiceField(
        label="What did the test show?",
        choices=ClaimTestResult.Outcome.choices,
        widget=DenseRadios,
        error_messages={"required": _SELECT_OUTCOME, "invalid_choice": _SELECT_OUTCOME},
    )
    reason = ProseField(
        subject="Reason",
        label="Reason, and how it was tested",
        help_text="Needed unless it held. The organisation will read this.",
        required=False,
        rows=3,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=32_000)

    def __init__(self, data: Any, *, last: ClaimTestResult | None) -> None:
        super().__init__(data, initial={"seen": last.number if last else 0})
        self.last = last

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        outcome = answers.get("outcome")
        is_missing = "reason" in answers and not answers["reason"]
        is_correction = self.last is not None
        if is_missing and outcome and is_reason_needed(outcome, is_correction=is_correction):
            self.add_error("reason", MISSING_REASON)
        return answers
