"""The form with the forecast, the confidence and the blockers of an update."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from recommendations import rules
from recommendations.forms.date_input import DateInputField
from recommendations.forms.prose import ProseField
from recommendations.forms.update_step import CONFIRMED, StepForm
from recommendations.models import Draft
from recommendations.models.answers import BlockerCause
from recommendations.rules import Confidence, years_after
from recommendations.update_rules import Contradiction, contradictions, has_passed
from recommendations.wording import count, day

FORECAST_YEARS = 10


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
        if draft is not None and draft.is_claim:
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


def _describe(contradiction: Contradiction, due_on: date, on: date) -> str:
    """Return a contradiction as a question would begin: what was answered, and what is known."""
    if contradiction == Contradiction.GREEN_OVERDUE:
        days = count(rules.days_after_due(due_on, on=on), "day")
        return f"You chose green, but it was due on {day(due_on)}: {days} overdue."
    return f"You chose green, but your forecast is after the due date of {day(due_on)}."
