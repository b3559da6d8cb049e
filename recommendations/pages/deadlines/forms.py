"""Forms for due dates: requests for more time, decisions, changes and withdrawals."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms

from forces.models import Body
from recommendations.actions.change_due_date import due_date_error
from recommendations.actions.request_extension import latest_new_due_date, new_due_date_error
from recommendations.actions.withdraw_assignment import MISSING_RECOMMENDATION
from recommendations.forms.choices import DenseRadios
from recommendations.forms.date_input import DateInputField
from recommendations.forms.prose import ProseField
from recommendations.models import Assignment, DueDateDecision, Recommendation
from recommendations.rules import SELECTABLE_ENDINGS, EndingKind
from recommendations.wording import day

MAX_SHIFT_DAYS = 1830  # about five years
Outcome = DueDateDecision.Outcome


def _validate_later_date(to: date | None, *, after: date | None, on: date, subject: str) -> None:
    """Raise a ValidationError if the date cannot be requested or granted."""
    if to is not None and (reason := new_due_date_error(to, after=after, on=on, subject=subject)):
        raise forms.ValidationError(reason)


class MoreTimeForm(forms.Form):
    """A request for a later due date. `on` is today's London day."""

    design = {"*": {"label_size": "m"}}

    to = DateInputField(
        subject="New date",
        label="What should the due date be?",
        error_messages={"required": "Enter the new due date"},
    )
    reason = ProseField(
        subject="Reason",
        label="Why do you need more time?",
        help_text="Explain what caused the delay, and why you will be able to meet the new date. "
        "Analysts will read this.",
        error_messages={"required": "Enter why you need more time"},
        rows=6,
    )

    def __init__(self, data: Any = None, *, due_on: date, on: date) -> None:
        super().__init__(data)
        self.due_on, self.on = due_on, on
        example = min(max(due_on, on), latest_new_due_date(on=on)) + timedelta(days=90)
        self.fields["to"].help_text = f"For example, {example.day} {example.month} {example.year}"

    def clean_to(self) -> date | None:
        to: date | None = self.cleaned_data["to"]
        _validate_later_date(to, after=self.due_on, on=self.on, subject="New date")
        return to


class RequestDecisionForm(forms.Form):
    """An analyst's decision on a request for the London day `requested`."""

    design = {"*": {"label_size": "s"}, "words": {"threshold": 75}}

    outcome = forms.ChoiceField(
        label="What is your decision?",
        widget=DenseRadios,
        error_messages={
            "required": "Select your decision",
            "invalid_choice": "Select your decision",
        },
    )
    to = DateInputField(
        subject="Other date",
        label="If you grant another date, what is it?",
        required=False,
    )
    words = ProseField(
        subject="Reason",
        label="What is the reason for your decision?",
        help_text="You must give a reason if you refuse or grant another date. "
        "The force will read this.",
        required=False,
        rows=5,
    )

    def __init__(self, data: Any = None, *, requested: date, on: date) -> None:
        super().__init__(data)
        self.requested, self.on = requested, on
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            (Outcome.GRANTED, f"Grant {day(requested)}"),
            (Outcome.GRANTED_OTHER, "Grant another date"),
            (Outcome.REFUSED, "Refuse, and keep the current due date"),
        ]

    def clean_to(self) -> date | None:
        to: date | None = self.cleaned_data["to"]
        _validate_later_date(to, after=None, on=self.on, subject="Other date")
        return to

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        outcome = answers.get("outcome")
        if outcome == Outcome.GRANTED_OTHER and "to" in answers:
            if answers["to"] is None:
                self.add_error("to", "Enter the date you grant")
            elif answers["to"] == self.requested:
                self.add_error(
                    "to", f"This is the requested date. Select “Grant {day(self.requested)}”"
                )
        if outcome in {Outcome.GRANTED_OTHER, Outcome.REFUSED} and answers.get("words") == "":
            self.add_error("words", "Enter the reason for your decision")
        return answers


class DueDateForm(forms.Form):
    """The new due date of one assignment, and why. `due_on` is the date now."""

    design = {"*": {"label_size": "m"}}

    shown = forms.DateField(
        widget=forms.HiddenInput,
        error_messages={"required": "Check the due date again", "invalid": "Check the due date"},
    )
    to = DateInputField(
        subject="New date",
        label="What is the new due date?",
        error_messages={"required": "Enter the new due date"},
    )
    reason = ProseField(
        subject="Reason",
        label="Why is the due date changing?",
        help_text="The force will read this with its new date.",
        error_messages={"required": "Enter why the due date is changing"},
        rows=4,
    )

    def __init__(self, data: Any = None, *, due_on: date) -> None:
        super().__init__(data, initial={"shown": due_on.isoformat()})
        self.due_on = due_on

    def clean_to(self) -> date:
        to: date = self.cleaned_data["to"]
        if error := "This is already the due date." if to == self.due_on else due_date_error(to):
            raise forms.ValidationError(error.rstrip("."))
        return to


class DueDatesForm(forms.Form):
    """Which due dates change, to when or by how many days, and why."""

    design = {"*": {"label_size": "m"}, "days": {"classes": "govuk-input--width-4"}}

    recommendation = forms.ChoiceField(
        label="Which recommendation?",
        required=False,
        error_messages={"invalid_choice": "Select a recommendation from the list"},
    )
    group = forms.ChoiceField(
        label="Which organisations?",
        error_messages={
            "required": "Select which organisations",
            "invalid_choice": "Select which organisations from the list",
        },
    )
    bodies = forms.MultipleChoiceField(
        label="Only these forces and organisations (optional)",
        help_text="Leave these empty to change the due dates of the whole selection above.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Select forces from the list"},
    )
    to = DateInputField(subject="New date", label="What is the new due date?", required=False)
    days = forms.IntegerField(
        label="Or change it by how many days?",
        help_text="For example, 30 to make it later, or -14 to make it earlier.",
        required=False,
        min_value=-MAX_SHIFT_DAYS,
        max_value=MAX_SHIFT_DAYS,
        widget=forms.TextInput(attrs={"inputmode": "text"}),
        error_messages={
            "invalid": "Number of days must be a whole number, like 30",
            "min_value": f"Number of days must be {-MAX_SHIFT_DAYS} or more",
            "max_value": f"Number of days must be {MAX_SHIFT_DAYS} or less",
        },
    )
    reason = ProseField(
        subject="Reason",
        label="Why are the due dates changing?",
        help_text="Every force affected will read this with its new date.",
        error_messages={"required": "Enter why the due dates are changing"},
        rows=4,
    )

    def __init__(
        self, data: Any = None, *, recommendations: Iterable[Recommendation], bodies: list[Body]
    ) -> None:
        super().__init__(data)
        choices: dict[str, list[tuple[str, str]]] = {
            "recommendation": [
                ("", "All recommendations"),
                *((item.reference, str(item)) for item in recommendations),
            ],
            "group": _group_choices(bodies),
            "bodies": [(body.slug, body.short_name) for body in bodies],
        }
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        if "to" in answers and "days" in answers:
            if answers["to"] is None and answers["days"] is None:
                self.add_error("to", "Enter a date or a number of days")
            elif answers["to"] is not None and answers["days"] is not None:
                self.add_error("days", "Enter a date or a number of days, not both")
            elif answers["days"] == 0:
                self.add_error("days", "Number of days must not be 0")
        if answers.get("to") and (reason := due_date_error(answers["to"])):
            self.add_error("to", reason.rstrip("."))
        return answers


def _group_choices(bodies: list[Body]) -> list[tuple[str, str]]:
    regions = sorted({body.region.name for body in bodies if body.region})
    rocus = sorted({body.rocu.name for body in bodies if body.rocu})
    return [
        ("forces", "All forces"),
        ("national", "National organisations"),
        ("everybody", "All forces and national organisations"),
        *((f"region:{name}", f"Region: {name}") for name in regions),
        *((f"rocu:{name}", f"Regional unit: {name}") for name in rocus),
    ]


class WithdrawForm(forms.Form):
    """Why the recommendation no longer applies to the organisation: a kind, and the reason."""

    design = {"*": {"label_size": "s"}}

    kind = forms.ChoiceField(
        label="Why does it end?",
        choices=SELECTABLE_ENDINGS,
        widget=DenseRadios,
        error_messages={
            "required": "Select why it ends",
            "invalid_choice": "Select why it ends",
        },
    )
    superseded_by = forms.ModelChoiceField(
        queryset=Recommendation.objects.none(),
        label="If it is superseded, by which recommendation?",
        empty_label="None",
        required=False,
        error_messages={"invalid_choice": f"{MISSING_RECOMMENDATION} from the list"},
    )
    reason = ProseField(
        subject="Reason",
        label="Why are you withdrawing this recommendation?",
        help_text="The force will read this.",
        error_messages={"required": "Enter why you are withdrawing this recommendation"},
        rows=5,
    )

    def __init__(self, data: Any = None, *, assignment: Assignment) -> None:
        super().__init__(data)
        others = Recommendation.objects.exclude(pk=assignment.recommendation_id)
        field: Any = self.fields["superseded_by"]
        field.queryset = others.select_related("inspection").order_by(
            "-inspection__published_on", "number", "part"
        )
        own_inspection = assignment.recommendation.inspection_id
        field.label_from_instance = lambda other: (
            str(other) if other.inspection_id == own_inspection else f"{other.inspection}: {other}"
        )

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        is_superseded = answers.get("kind") == EndingKind.SUPERSEDED
        if is_superseded and "superseded_by" in answers and not answers["superseded_by"]:
            self.add_error("superseded_by", MISSING_RECOMMENDATION)
        if answers.get("kind") and not is_superseded:
            answers["superseded_by"] = None
        return answers


class EndingForm(WithdrawForm):
    """Why a recommendation that is withdrawn has ended."""

    reason = ProseField(
        subject="Reason",
        label="Why are you changing this?",
        help_text="It is shown in the history.",
        error_messages={"required": "Enter why you are changing this"},
        rows=5,
    )
