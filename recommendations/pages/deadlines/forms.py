"""Asking for more time, deciding on it, moving due dates and withdrawing."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms

from forces.models import Body
from recommendations.actions.change_due_date import why_not_a_due_date
from recommendations.actions.request_extension import last_new_due_date, why_not_until
from recommendations.forms.date_input import DateInputField
from recommendations.forms.prose import ProseField
from recommendations.models import DueDateDecision, Recommendation
from recommendations.wording import day

MOST_DAYS = 1830
Outcome = DueDateDecision.Outcome


def _later_date(to: date | None, *, after: date | None, on: date, subject: str) -> date | None:
    """The date, if it can be asked for or granted."""
    if to is not None and (why := why_not_until(to, after=after, on=on, subject=subject)):
        raise forms.ValidationError(why)
    return to


class MoreTimeForm(forms.Form):
    """Until when, and why. `on` is today's London day."""

    design = {"*": {"label_size": "m"}}

    to = DateInputField(
        subject="New date",
        label="What should the due date be?",
        error_messages={"required": "Enter the date that you ask for"},
    )
    reason = ProseField(
        subject="Reason",
        label="Why do you need more time?",
        help_text="What held it up, and what makes the new date safe. Analysts read this.",
        error_messages={"required": "Enter why you need more time"},
        rows=6,
    )

    def __init__(self, data: Any = None, *, due_on: date, on: date) -> None:
        super().__init__(data)
        self.due_on, self.on = due_on, on
        example = min(max(due_on, on), last_new_due_date(on=on)) + timedelta(days=90)
        self.fields["to"].help_text = f"For example, {example.day} {example.month} {example.year}"

    def clean_to(self) -> date | None:
        asked = self.cleaned_data["to"]
        return _later_date(asked, after=self.due_on, on=self.on, subject="New date")


class RequestDecisionForm(forms.Form):
    """Grant, grant another date, or refuse, with words."""

    design = {"*": {"label_size": "m"}}

    outcome = forms.ChoiceField(
        label="What is your decision?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select your decision",
            "invalid_choice": "Select your decision",
        },
    )
    to = DateInputField(
        subject="Other date",
        label="The other date, if you grant one",
        required=False,
    )
    words = ProseField(
        subject="Words",
        label="Why?",
        help_text="Needed where you refuse or grant another date. The body reads this.",
        required=False,
        rows=5,
    )

    def __init__(self, data: Any = None, *, asked: date, on: date) -> None:
        super().__init__(data)
        self.asked, self.on = asked, on
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            (Outcome.GRANTED, f"Grant {day(asked)}"),
            (Outcome.GRANTED_OTHER, "Grant another date"),
            (Outcome.REFUSED, "Refuse: the due date stays"),
        ]

    def clean_to(self) -> date | None:
        return _later_date(self.cleaned_data["to"], after=None, on=self.on, subject="Other date")

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        outcome = answers.get("outcome")
        if outcome == Outcome.GRANTED_OTHER and "to" in answers:
            if answers["to"] is None:
                self.add_error("to", "Enter the date that you grant")
            elif answers["to"] == self.asked:
                self.add_error("to", "This is the date that was asked for: select “Grant” instead")
        if outcome in {Outcome.GRANTED_OTHER, Outcome.REFUSED} and answers.get("words") == "":
            self.add_error("words", "Enter why, so that the body knows what to do")
        return answers


class MoveForm(forms.Form):
    """Which due dates move, to when, and why."""

    design = {"*": {"label_size": "m"}, "days": {"classes": "govuk-input--width-4"}}

    recommendation = forms.ChoiceField(
        label="Which recommendation?",
        required=False,
        error_messages={"invalid_choice": "Select a recommendation from the list"},
    )
    group = forms.ChoiceField(
        label="Which bodies?",
        error_messages={
            "required": "Select which bodies",
            "invalid_choice": "Select which bodies from the list",
        },
    )
    bodies = forms.MultipleChoiceField(
        label="Only these (optional)",
        help_text="Tick none to move them for everybody you selected above.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Select bodies from the list"},
    )
    to = DateInputField(subject="New date", label="To which date?", required=False)
    days = forms.IntegerField(
        label="Or by how many days?",
        help_text="For example 30, or -14 to bring it forward.",
        required=False,
        min_value=-MOST_DAYS,
        max_value=MOST_DAYS,
        widget=forms.TextInput(attrs={"inputmode": "text"}),
        error_messages={
            "invalid": "Enter the number of days as a whole number, like 30",
            "min_value": f"The number of days must be {-MOST_DAYS} or more",
            "max_value": f"The number of days must be {MOST_DAYS} or less",
        },
    )
    reason = ProseField(
        subject="Reason",
        label="Why?",
        help_text="Every body concerned reads this with its new date.",
        error_messages={"required": "Enter why the due dates move"},
        rows=4,
    )

    def __init__(
        self, data: Any = None, *, recommendations: Iterable[Recommendation], bodies: Iterable[Body]
    ) -> None:
        super().__init__(data)
        everybody = list(bodies)
        self.fields["recommendation"].choices = [  # type: ignore[attr-defined]
            ("", "All of them"),
            *((str(each.number), str(each)) for each in recommendations),
        ]
        self.fields["group"].choices = _groups(everybody)  # type: ignore[attr-defined]
        self.fields["bodies"].choices = [  # type: ignore[attr-defined]
            (body.slug, body.short_name) for body in everybody
        ]

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        if "to" in answers and "days" in answers:
            if answers["to"] is None and answers["days"] is None:
                self.add_error("to", "Enter a date, or a number of days")
            elif answers["to"] is not None and answers["days"] is not None:
                self.add_error("days", "Enter a date or a number of days, not both")
            elif answers["days"] == 0:
                self.add_error("days", "The number of days must not be 0")
        if answers.get("to") and (why := why_not_a_due_date(answers["to"])):
            self.add_error("to", why.rstrip("."))
        return answers


def _groups(bodies: list[Body]) -> list[tuple[str, str]]:
    regions = sorted({body.region.name for body in bodies if body.region})
    rocus = sorted({body.rocu.name for body in bodies if body.rocu})
    return [
        ("forces", "All forces"),
        ("national", "National bodies"),
        ("everybody", "All forces and national bodies"),
        *((f"region:{name}", f"Region: {name}") for name in regions),
        *((f"rocu:{name}", f"Regional unit: {name}") for name in rocus),
    ]


class WithdrawForm(forms.Form):
    """Why it no longer binds the body."""

    design = {"*": {"label_size": "m"}}

    reason = ProseField(
        subject="Reason",
        label="Why is it withdrawn?",
        help_text="The body reads this.",
        error_messages={"required": "Enter why it is withdrawn"},
        rows=6,
    )
