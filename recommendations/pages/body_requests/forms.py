"""Forms for a request to another organisation, and for what becomes of it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from forces.models import Body
from forces.text import refuse_direction_marks
from recommendations.actions.body_requests import MISSING_REASON, PROMISE, promise_error
from recommendations.case_details import case_detail_error
from recommendations.forms.choices import DenseRadios
from recommendations.forms.date_input import DateInputField
from recommendations.models import BodyRequest, BodyRequestEvent
from recommendations.models.body_request import MAX_TEXT_LENGTH
from recommendations.prose import clean_prose, length_in_browser
from recommendations.request_rules import NEEDS_REASON

Kind = BodyRequestEvent.Kind
NO_CASE_DETAILS = "No details of cases, no names of people, and no telephone numbers."
_SELECT_KIND = "Select what you need"
_SELECT_BODY = "Select the organisation that you ask"
_SELECT_ACTION = "Select what you want to record"
ACTIONS = {
    Kind.ACCEPTED: "Accept, with the day when it will be done",
    Kind.DONE: "It is done",
    Kind.DECLINED: "Decline",
    Kind.DISPUTED: "Dispute: it is not for your organisation",
    Kind.CONFIRMED: "Confirm, and close the request",
    Kind.RETURNED: "It is not settled (you can say this once)",
    Kind.CANCELLED: "Cancel the request: you no longer need it",
}


class SentenceField(forms.CharField):
    """A few sentences without details of cases."""

    widget = forms.Textarea

    def __init__(self, *, subject: str, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), **options)
        self.subject = subject
        self.max_length = MAX_TEXT_LENGTH  # for the character count; `validate` checks it

    def to_python(self, value: Any) -> str:
        cleaned = clean_prose(value) if isinstance(value, str) else ""
        return " ".join(cleaned.split())

    def validate(self, value: str) -> None:
        super().validate(value)
        refuse_direction_marks(value, self.subject)
        if (length := length_in_browser(value)) > MAX_TEXT_LENGTH:
            raise forms.ValidationError(
                f"{self.subject} must be {MAX_TEXT_LENGTH} characters or less. "
                f"You have written {length:,}"
            )
        if error := case_detail_error(value):
            raise forms.ValidationError(error)


class RequestForm(forms.Form):
    """A new request. Regional units have no accounts, so only organisations can be asked."""

    design = {"*": {"label_size": "s"}}

    body = forms.ChoiceField(
        label="Who do you ask?",
        help_text="Regional units (ROCUs) have no accounts: ask the force that acts for the unit.",
        error_messages={"required": _SELECT_BODY, "invalid_choice": _SELECT_BODY},
    )
    kind = forms.ChoiceField(
        label="What do you need?",
        choices=BodyRequest.Kind.choices,
        widget=DenseRadios,
        error_messages={"required": _SELECT_KIND, "invalid_choice": _SELECT_KIND},
    )
    text = SentenceField(
        subject="Request",
        label="The request, in a sentence",
        help_text=NO_CASE_DETAILS,
        error_messages={"required": "Enter the request"},
    )

    def __init__(self, data: Any = None, *, bodies: Iterable[Body]) -> None:
        super().__init__(data)
        self.bodies = {body.slug: body for body in bodies}
        groups: dict[str, list[tuple[str, str]]] = {"": [("", "Choose")]}
        for body in self.bodies.values():
            label = "Forces" if body.is_force else "National organisations"
            groups.setdefault(label, []).append((body.slug, body.short_name))
        empty = groups.pop("")
        self.fields["body"].choices = [*empty, *groups.items()]  # type: ignore[attr-defined]

    def clean_body(self) -> Body:
        return self.bodies[self.cleaned_data["body"]]


class EventForm(forms.Form):
    """What an organisation does about a request: one of the kinds that are `allowed` now."""

    design = {"*": {"label_size": "s"}}

    kind = forms.ChoiceField(
        label="What do you want to record?",
        widget=DenseRadios,
        error_messages={"required": _SELECT_ACTION, "invalid_choice": _SELECT_ACTION},
    )
    promised_on = DateInputField(
        subject="Day", label="If you accept: when will it be done?", required=False
    )
    reason = SentenceField(
        subject="Reason",
        label="Why, or how it was done",
        help_text=NO_CASE_DETAILS,
        required=False,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=32767)

    def __init__(self, data: Any = None, *, allowed: tuple[str, ...], seen: int, on: date) -> None:
        super().__init__(data, initial={"seen": seen})
        self.on = on
        self.fields["kind"].choices = [(kind, ACTIONS[Kind(kind)]) for kind in allowed]  # type: ignore[attr-defined]
        if Kind.ACCEPTED not in allowed:
            del self.fields["promised_on"]

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        kind = answers.get("kind")
        if kind in NEEDS_REASON and answers.get("reason") == "":
            self.add_error("reason", MISSING_REASON)
        if kind == Kind.ACCEPTED and "promised_on" in answers:
            if promise_error(answers["promised_on"], on=self.on):
                self.add_error("promised_on", PROMISE)
        elif kind != Kind.ACCEPTED:
            answers["promised_on"] = None
        return answers
