"""The forms of the pages of an update, and the form that has all of them on one page."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms

from forces.text import refuse_direction_marks
from recommendations import rules
from recommendations.forms.date_input import DateInputField
from recommendations.forms.prose import ProseField
from recommendations.models import Draft
from recommendations.models.answers import (
    ANSWERS,
    MAX_SIGNATORY_LENGTH,
    BlockerCause,
    ReportedStatus,
)
from recommendations.rules import Confidence, years_after
from recommendations.update_rules import Contradiction, contradictions, has_passed
from recommendations.wording import count, day

FORECAST_YEARS = 10
CONFIRMED = "confirmed_contradictions"


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
    field_order = (
        *("status", "account", "next_steps", "forecast_on", "confidence", CONFIRMED),
        *("blocker_causes", "blockers", "signed_off_by"),
    )
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
        self.draft = draft
        self.is_partial = is_partial
        self.confirmed: list[Contradiction] | None = None  # None: not asked on this page
        if is_partial:
            for field in self.fields.values():
                field.required = False
        self.adapt_to(draft)

    def adapt_to(self, draft: Draft | None) -> None:
        """Remove the fields that do not apply, given the answers so far."""


class StatusForm(StepForm):
    slug = "status"
    title = "Status"
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
    design = {
        "*": {"label_size": "m"},
        "confidence": {
            "item_hints": {
                Confidence.GREEN: "It is done, or will be done by the due date.",
                Confidence.AMBER: "The due date is at risk, but you know what would help.",
                Confidence.RED: "The due date is likely to be missed.",
            }
        },
    }

    forecast_on = DateInputField(
        subject="Forecast date",
        label="When do you expect to finish implementing this recommendation?",
        error_messages={"required": "Enter the date you expect to finish"},
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
        if draft is not None and draft.status == ReportedStatus.IMPLEMENTED:
            self.fields.clear()
            return
        example = f"{self.on.day} {self.on.month} {self.on.year + 1}"
        self.fields["forecast_on"].help_text = f"For example, {example}"
        if not self.is_bound and draft is not None and draft.confirmed_contradictions:
            self._ask_about(self._contradictions(draft.confidence, draft.forecast_on))

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        has_other_blocker = BlockerCause.OTHER in answers.get("blocker_causes", ())
        if has_other_blocker and answers.get("blockers") == "":
            self.add_error("blockers", "Enter what the other blocker is")
        if self.fields:
            self._check_contradictions(answers)
        return answers

    @property
    def _status(self) -> str:
        return self.draft.status if self.draft else ""

    def _check_contradictions(self, answers: Mapping[str, Any]) -> None:
        """Ask about answers that contradict each other, unless the person has confirmed them."""
        boxes = forms.CheckboxSelectMultiple()
        ticked = boxes.value_from_datadict(self.data, self.files, CONFIRMED) or ()
        found = self._contradictions(answers.get("confidence", ""), answers.get("forecast_on"))
        self.confirmed = [contradiction for contradiction in found if contradiction in ticked]
        self._ask_about(found)
        if len(self.confirmed) < len(found) and not self.is_partial:
            question = self.fields[CONFIRMED]
            advice = "Change your confidence or forecast, or confirm that this is right"
            sentence, question.help_text = f"{question.help_text} {advice}", ""
            self.add_error(CONFIRMED, sentence)

    def _contradictions(self, confidence: str, forecast_on: date | None) -> list[Contradiction]:
        if self.draft is None:
            return []
        return contradictions(
            status=self._status,
            confidence=confidence,
            forecast_on=forecast_on,
            has_blockers=False,
            due_on=self.draft.assignment.due_on,
            on=self.on,
        )

    def _ask_about(self, found: list[Contradiction]) -> None:
        """Add a question with a checkbox for each contradiction."""
        if not found or self.draft is None:
            return
        due_on = self.draft.assignment.due_on
        self.fields[CONFIRMED] = forms.MultipleChoiceField(
            label="Is your confidence right?",
            help_text=" ".join(_describe(item, due_on, self.on) for item in found),
            choices=[(contradiction.value, "Yes, this is right") for contradiction in found],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        self.initial[CONFIRMED] = self.draft.confirmed_contradictions
        self.order_fields(self.field_order)

    def clean_forecast_on(self) -> date | None:
        forecast: date | None = self.cleaned_data["forecast_on"]
        if forecast is None:
            return None
        if has_passed(forecast, on=self.on):
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
        refuse_direction_marks(self.cleaned_data["signed_off_by"], "Name and rank")
        return ANSWERS["signed_off_by"].clean(self.cleaned_data["signed_off_by"])


class OnePageForm(StatusForm, ProgressForm, OutlookForm, SignOffForm):
    """All the questions on one page. Those that a claim does not have may stay empty."""

    slug = "all"
    title = "Your update"
    design = OutlookForm.design | StatusForm.design

    def adapt_to(self, draft: Draft | None) -> None:
        for name in ("forecast_on", "confidence"):
            self.fields[name].help_text = "Not needed if the status is implemented."
        if self._status == ReportedStatus.IMPLEMENTED:
            for name in _names_not_of_claims():
                self.fields[name].required = False
        elif not self.is_bound and draft is not None and draft.confirmed_contradictions:
            self._ask_about(self._contradictions(draft.confidence, draft.forecast_on))

    def clean(self) -> dict[str, Any]:
        if self._status != ReportedStatus.IMPLEMENTED:
            return super().clean()
        for name in _names_not_of_claims():
            self.errors.pop(name, None)
            self.cleaned_data.pop(name, None)
        return self.cleaned_data

    @property
    def _status(self) -> str:
        return str(self.data.get("status", "")) if self.is_bound else super()._status


def _names_not_of_claims() -> list[str]:
    return [name for name, answer in ANSWERS.items() if not answer.is_of_claims]


def _describe(contradiction: Contradiction, due_on: date, on: date) -> str:
    """Return a contradiction as a question would begin: what was answered, and what is known."""
    if contradiction == Contradiction.GREEN_OVERDUE:
        days = count(rules.days_after_due(due_on, on=on), "day")
        return f"You chose green, but it was due on {day(due_on)}: {days} overdue."
    return f"You chose green, but your forecast is after the due date of {day(due_on)}."
