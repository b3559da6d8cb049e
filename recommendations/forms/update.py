"""The pages of the update form, their order, and what a draft still needs."""

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


class DraftVersionForm(forms.Form):
    """The hidden fields that say which version of which draft a page shows."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    @classmethod
    def for_draft(cls, draft: Draft | None) -> "DraftVersionForm":
        initial = {"token": draft.token, "version": draft.version} if draft else None
        return cls(initial=initial, auto_id=False)


class StepForm(forms.Form):
    """One page of the update form. `on` is today's London day; `draft` has the answers so far.

    With `is_partial` no answer is required: for autosave, and for “Save and come back later”.
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
        is_partial: bool = False,
    ) -> None:
        initial = {name: getattr(draft, name) for name in self.base_fields} if draft else {}
        super().__init__(data, initial=initial)
        self.on = on
        if is_partial:
            for field in self.fields.values():
                field.required = False
        self.adapt_to(draft)

    def adapt_to(self, draft: Draft | None) -> None:
        """Remove the fields that do not apply, given the answers so far."""


class StatusForm(StepForm):
    slug = "status"
    title = "Status and confidence"
    design = {
        "*": {"label_size": "m"},
        "status": {
            "item_hints": {
                ReportedStatus.NOT_STARTED: "Work has not started.",
                ReportedStatus.IN_PROGRESS: "Work has started, but it is not finished.",
                ReportedStatus.IMPLEMENTED: "Everything the recommendation asks for is done. An "
                "analyst will review this claim. It does not count as overdue during review.",
            }
        },
        "confidence": {
            "item_hints": {
                Confidence.GREEN: "It is done, or will be done by the due date.",
                Confidence.AMBER: "The due date is at risk, but you know what would help.",
                Confidence.RED: "The due date is likely to be missed.",
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
        label="How confident are you that you will meet the due date?",
        choices=Confidence.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select how confident you are",
            "invalid_choice": "Select how confident you are from the list",
        },
    )


class ProgressForm(StepForm):
    slug = "progress"
    title = "Progress and next steps"

    account = ProseField(
        subject="Progress",
        label="What progress have you made?",
        help_text="Describe progress since the last update. Analysts and your colleagues will read "
        "this. Do not include people's names or operational details.",
        error_messages={"required": "Enter what progress you have made"},
        rows=10,
    )
    next_steps = ProseField(
        subject="Next steps",
        label="What will you do next? (optional)",
        help_text="Describe each step and when you will do it.",
        required=False,
        rows=5,
    )


class OutlookForm(StepForm):
    slug = "outlook"
    title = "Forecast and blockers"

    forecast_on = DateInputField(
        subject="Forecast date",
        label="When do you expect to finish implementing this recommendation?",
        error_messages={"required": "Enter the date you expect to finish"},
    )
    blocker_causes = forms.MultipleChoiceField(
        label="Are there any blockers? (optional)",
        help_text="Select all that apply.",
        choices=BlockerCause.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Select blockers from the list"},
    )
    blockers = ProseField(
        subject="What would help",
        label="What would help? (optional)",
        help_text="Describe the blockers, and who could help to remove them.",
        required=False,
        rows=5,
    )

    def adapt_to(self, draft: Draft | None) -> None:
        if draft is not None and ANSWERS["forecast_on"] not in answers_for(draft.status):
            del self.fields["forecast_on"]
            return
        on = self.on
        self.fields["forecast_on"].help_text = f"For example, {on.day} {on.month} {on.year + 1}"

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        is_empty = answers.get("blockers") == ""
        if is_empty and BlockerCause.OTHER in answers.get("blocker_causes", ()):
            self.add_error("blockers", "Enter what the other blocker is")
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
    title = "Approval"

    signed_off_by = forms.CharField(
        label="Who is approving this update?",
        help_text="Name and rank or job title of the person approving this update. For example, "
        "Detective Superintendent Ann Lee. They do not need an account.",
        max_length=MAX_SIGNATORY_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Enter the name and rank of the person approving this update",
            "max_length": f"Name and rank must be {MAX_SIGNATORY_LENGTH} characters or less",
        },
    )

    def clean_signed_off_by(self) -> str:
        return ANSWERS["signed_off_by"].clean(self.cleaned_data["signed_off_by"])


STEPS: tuple[type[StepForm], ...] = (StatusForm, ProgressForm, OutlookForm, SignOffForm)
STEP_BY_SLUG = {step.slug: step for step in STEPS}
EVIDENCE = "evidence"
# Every page before “Check your answers”, in order. The evidence page has files, not answers.
PAGES = ("status", "progress", "outlook", EVIDENCE, "sign-off")


def page_after(slug: str) -> str:
    """The slug of the next page; empty after the last."""
    return dict(pairwise(PAGES)).get(slug, "")


def page_before(slug: str) -> str:
    """The slug of the previous page; empty before the first."""
    return dict(pairwise(reversed(PAGES))).get(slug, "")


def problems(draft: Draft, *, on: date) -> dict[str, str]:
    """Why a draft cannot be submitted on the London day `on`: an error by answer's name.

    Every page is validated again: a forecast may have passed since it was saved.
    """
    errors: dict[str, str] = {}
    for step in STEPS:
        form = step(_form_data(step, draft), on=on, draft=draft)
        errors |= {name: str(messages[0]) for name, messages in form.errors.items()}
    return errors


def step_with(name: str) -> type[StepForm]:
    """The page with the answer of this name."""
    return next(step for step in STEPS if name in step.base_fields)


def next_step(draft: Draft, *, on: date) -> type[StepForm] | None:
    """The first page with a problem; None if the draft is ready to check."""
    names = problems(draft, on=on).keys()
    return next((step for step in STEPS if names & set(step.base_fields)), None)


def _form_data(step: type[StepForm], draft: Draft) -> dict[str, Any]:
    """The draft's answers to one page, as a browser would send them."""
    data: dict[str, Any] = {}
    for name, field in step.base_fields.items():
        value = getattr(draft, name)
        if isinstance(field, DateInputField):
            texts = zip(PARTS, DateInput().decompress(value), strict=True)
            data |= {f"{name}_{part}": text for part, text in texts}
        else:
            data[name] = value
    return data
