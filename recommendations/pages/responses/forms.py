"""The form that enters a response."""

from datetime import date
from typing import Any

from django import forms

from recommendations.actions.respond import MISSING_REASON, date_error
from recommendations.forms.choices import DenseRadios
from recommendations.forms.date_input import DateInputField
from recommendations.forms.prose import ProseField
from recommendations.models import Inspection, Response

_SELECT_ANSWER = "Select whether it is accepted"
_LINK = "Link must be a web address, such as https://www.example.org/comments"


class ResponseForm(forms.Form):
    """A response; `latest` is the number of the last one when the form was shown."""

    design = {"*": {"label_size": "s"}}

    answer = forms.ChoiceField(
        label="Response",
        choices=Response.Answer.choices,
        widget=DenseRadios,
        error_messages={"required": _SELECT_ANSWER, "invalid_choice": _SELECT_ANSWER},
    )
    reason = ProseField(
        subject="Reason",
        label="Reason, and what was done or is proposed (optional if it is accepted)",
        required=False,
        rows=6,
    )
    responded_on = DateInputField(
        subject="Date",
        label="Day on which the comment was published",
        help_text="To correct a response, keep the day of the first publication.",
        error_messages={"required": "Enter the day on which the comment was published"},
    )
    link = forms.URLField(
        label="Link to the published comment (optional)",
        required=False,
        max_length=500,
        assume_scheme="https",
        error_messages={"invalid": _LINK, "max_length": "Link must be 500 characters or less"},
    )
    latest = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=32_000)

    def __init__(
        self, data: Any, *, latest: Response | None, inspection: Inspection, on: date
    ) -> None:
        names = ("answer", "reason", "responded_on", "link")
        initial = {name: getattr(latest, name) for name in names} if latest else {}
        super().__init__(data, initial=initial | {"latest": latest.number if latest else 0})
        self.inspection, self.on = inspection, on

    def clean_responded_on(self) -> date:
        responded_on: date = self.cleaned_data["responded_on"]
        if error := date_error(responded_on, inspection=self.inspection, on=self.on):
            raise forms.ValidationError(error)
        return responded_on

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        if link and not link.startswith(("https://", "http://")):
            raise forms.ValidationError(_LINK)
        return link

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        if answers.get("answer") not in (None, Response.Answer.ACCEPTED) and (
            answers.get("reason") == ""
        ):
            self.add_error("reason", MISSING_REASON)
        return answers
