"""The form of a dated step."""

from datetime import date
from typing import Any

from django import forms

from recommendations.actions.steps import IN_THE_FUTURE, MISSING_REASON, needs_reason
from recommendations.forms.date_input import DateInputField
from recommendations.forms.prose import ProseField
from recommendations.models import Step
from recommendations.models.step import MAX_TITLE_LENGTH


class DatedStepForm(forms.Form):
    """A new step, or a change of `last`. `on` is today's London day."""

    design = {"*": {"label_size": "s"}}

    title = forms.CharField(
        label="What is the step?",
        max_length=MAX_TITLE_LENGTH,
        error_messages={"required": "Enter what the step is"},
    )
    due_on = DateInputField(subject="Due day", label="When is it due?")
    done_on = DateInputField(
        subject="Day it was done", label="When was it done, if it is done?", required=False
    )
    reason = ProseField(
        subject="Reason",
        label="Why is it late, if it is?",
        help_text="Needed if you move the day later, or the day has passed. It is shown in the "
        "history.",
        required=False,
        rows=2,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=32767)

    def __init__(self, data: Any = None, *, last: Step | None, on: date) -> None:
        initial: dict[str, Any] = {"seen": last.number if last else 0}
        if last is not None:
            initial |= {"title": last.title, "due_on": last.due_on, "done_on": last.done_on}
        super().__init__(data, initial=initial)
        self.last, self.on = last, on
        if last is None:
            del self.fields["done_on"], self.fields["reason"]

    def clean_done_on(self) -> date | None:
        done_on: date | None = self.cleaned_data["done_on"]
        if done_on is not None and done_on > self.on:
            raise forms.ValidationError(IN_THE_FUTURE)
        return done_on

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        if (
            not {"due_on", "reason"} - answers.keys()
            and not answers["reason"]
            and needs_reason(
                self.last, due_on=answers["due_on"], done_on=answers.get("done_on"), on=self.on
            )
        ):
            self.add_error("reason", MISSING_REASON)
        return answers
