"""The short pages of an update, and the mark of the draft that each page was made from."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any, ClassVar

from django import forms

from recommendations.forms.date_input import PARTS, DateInput, DateInputField
from recommendations.forms.prose import ProseField
from recommendations.models import Draft
from recommendations.models.answers import (
    ANSWERS,
    MAX_SIGNATORY_LENGTH,
    BlockerCause,
    ReportedStatus,
    answers_for,
)
from recommendations.rules import Confidence, years_after
from recommendations.wording import day

FORECAST_YEARS = 10


class DraftMark(forms.Form):
    """Which draft, and which version of it, a page was made from. Hidden."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    @classmethod
    def of(cls, draft: Draft | None) -> "DraftMark":
        if draft is None:
            return cls(auto_id=False)
        initial = {"token": draft.token, "version": draft.version}
        return cls(initial=initial, auto_id=False)


class StepForm(forms.Form):
    """One page of the update. `on` is today's London day; `draft` holds what is known so far.

    Somebody who leaves before the end may leave questions open: `is_leaving` asks for none.
    """

    slug: ClassVar[str]
    title: ClassVar[str]
    design: ClassVar[Mapping[str, Mapping[str, Any]]] = {"*": {"label_size": "m"}}

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        on: date,
        draft: Draft | None,
        is_leaving: bool = False,
    ) -> None:
        names = list(self.base_fields)
        initial = {name: getattr(draft, name) for name in names} if draft else {}
        super().__init__(data, initial=initial)
        self.on = on
        if is_leaving:
            for field in self.fields.values():
                field.required = False
        self.fit(draft)

    def fit(self, draft: Draft | None) -> None:
        """Leave out what the answers so far make senseless."""


class StatusForm(StepForm):
    slug = "status"
    title = "Status and confidence"
    design = {
        "*": {"label_size": "m"},
        "status": {
            "item_hints": {
                ReportedStatus.NOT_STARTED: "No work has begun.",
                ReportedStatus.IN_PROGRESS: "Work has begun, and something is still to be done.",
                ReportedStatus.IMPLEMENTED: "Everything that it asks for is done. This is a claim: "
                "an analyst reviews it, and the clock stops until they answer.",
            }
        },
        "confidence": {
            "item_hints": {
                Confidence.GREEN: "It will be done by the due date, or is done already.",
                Confidence.AMBER: "The due date is in doubt, and we know what would make it safe.",
                Confidence.RED: "The due date will be missed unless something changes.",
            }
        },
    }

    status = forms.ChoiceField(
        label="What is the status now?",
        choices=ReportedStatus.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select the status",
            "invalid_choice": "Select a status from the list",
        },
    )
    confidence = forms.ChoiceField(
        label="How confident are you of the due date?",
        choices=Confidence.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select how confident you are",
            "invalid_choice": "Select a confidence from the list",
        },
    )


class ProgressForm(StepForm):
    slug = "progress"
    title = "Progress and next steps"

    account = ProseField(
        subject="Account of progress",
        label="What progress have you made?",
        help_text="Since the last update. Analysts and your own colleagues read this. "
        "Leave out names of people and operational details.",
        error_messages={"required": "Enter what progress you have made"},
        rows=10,
    )
    next_steps = ProseField(
        subject="Next steps",
        label="What happens next? (optional)",
        help_text="Each step, and when.",
        required=False,
        rows=5,
    )


class OutlookForm(StepForm):
    slug = "outlook"
    title = "Forecast and blockers"

    forecast_on = DateInputField(
        subject="Forecast date",
        label="When do you expect to have implemented it?",
        error_messages={"required": "Enter the date when you expect to have implemented it"},
    )
    blocker_causes = forms.MultipleChoiceField(
        label="Is anything in the way? (optional)",
        help_text="Select all that apply.",
        choices=BlockerCause.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Select what is in the way from the list"},
    )
    blockers = ProseField(
        subject="Blockers",
        label="What would move it? (optional)",
        help_text="What exactly is in the way, and who could move it.",
        required=False,
        rows=5,
    )

    def fit(self, draft: Draft | None) -> None:
        if draft is not None and ANSWERS["forecast_on"] not in answers_for(draft.status):
            del self.fields["forecast_on"]
            return
        example = f"{self.on.day} {self.on.month} {self.on.year + 1}"
        self.fields["forecast_on"].help_text = f"For example, {example}"

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        is_unsaid = "blockers" in answers and not answers["blockers"]
        if is_unsaid and BlockerCause.OTHER in answers.get("blocker_causes", ()):
            self.add_error("blockers", "Enter what else is in the way")
        return answers

    def clean_forecast_on(self) -> date | None:
        forecast: date | None = self.cleaned_data["forecast_on"]
        if forecast is None:
            return None
        if forecast < self.on:
            raise forms.ValidationError("Forecast date must be today or in the future")
        last = years_after(self.on, FORECAST_YEARS)
        if forecast > last:
            raise forms.ValidationError(f"Forecast date must be on or before {day(last)}")
        return forecast


class SignOffForm(StepForm):
    slug = "sign-off"
    title = "Sign-off"

    signed_off_by = forms.CharField(
        label="Who signed this off?",
        help_text="Who answers for it in your body: name, and rank or post. For example, "
        "Detective Superintendent Ann Lee. They need no account here.",
        max_length=MAX_SIGNATORY_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Enter who signed this off",
            "max_length": f"The name and post must be {MAX_SIGNATORY_LENGTH} characters or less",
        },
    )

    def clean_signed_off_by(self) -> str:
        return ANSWERS["signed_off_by"].clean(self.cleaned_data["signed_off_by"])


STEPS: tuple[type[StepForm], ...] = (StatusForm, ProgressForm, OutlookForm, SignOffForm)
STEP_BY_SLUG = {step.slug: step for step in STEPS}
EVIDENCE = "evidence"
# Every page before the check, in order; the one of the evidence asks for files and not answers.
PAGES = ("status", "progress", "outlook", EVIDENCE, "sign-off")


def page_after(slug: str) -> str:
    """The page that follows; empty after the last."""
    return dict(pairwise(PAGES)).get(slug, "")


def page_before(slug: str) -> str:
    """The page before; empty before the first."""
    return dict(pairwise(reversed(PAGES))).get(slug, "")


def problems(draft: Draft, *, on: date) -> dict[str, str]:
    """What keeps a draft from being sent: a sentence for each answer's name.

    The steps themselves are asked, so a date that was in the future when it was saved is found.
    """
    found: dict[str, str] = {}
    for step in STEPS:
        form = step(_as_typed(step, draft), on=on, draft=draft)
        found |= {name: str(errors[0]) for name, errors in form.errors.items()}
    return found


def step_of(name: str) -> type[StepForm]:
    """The page on which an answer is given."""
    return next(step for step in STEPS if name in step.base_fields)


def next_step(draft: Draft, *, on: date) -> type[StepForm] | None:
    """The first page with something left to answer; None where all is ready to be checked."""
    left = problems(draft, on=on)
    return next((step for step in STEPS if left.keys() & set(step.base_fields)), None)


def _as_typed(step: type[StepForm], draft: Draft) -> dict[str, Any]:
    """The draft's answers to one page, as a browser would send them."""
    typed: dict[str, Any] = {}
    for name, field in step.base_fields.items():
        value = getattr(draft, name)
        if isinstance(field, DateInputField):
            texts = zip(PARTS, DateInput().decompress(value), strict=True)
            typed |= {f"{name}_{part}": text for part, text in texts}
        else:
            typed[name] = value
    return typed
