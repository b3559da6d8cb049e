"""The forms of the pages of an update, and the form that has all of them on one page."""

from typing import Any

from django import forms

from forces.text import refuse_direction_marks
from recommendations.forms.outlook import OutlookForm
from recommendations.forms.prose import ProseField
from recommendations.forms.update_step import StepForm
from recommendations.models import Draft
from recommendations.models.answers import ANSWERS, MAX_SIGNATORY_LENGTH, ReportedStatus


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
        if self.requires_approval:
            del self.fields["signed_off_by"]
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
