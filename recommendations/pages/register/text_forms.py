"""The form that corrects a recommendation's text and addressees, and edits its ask."""

from typing import Any

from django import forms

from forces.models import Body
from recommendations import wording
from recommendations.actions.amend_recommendation import (
    ASK_WITHOUT_DONE_WHEN,
    LEAD_IS_PARTNER,
    missing_reason,
    values_of,
)
from recommendations.actions.aspect_checks import Source
from recommendations.actions.change_due_date import due_date_error
from recommendations.due_words import UnreadableDueDate, resolve_due_date
from recommendations.forms.choices import DenseCheckboxes
from recommendations.forms.date_input import DateInputField
from recommendations.forms.prose import ProseField
from recommendations.models import Aspect, Recommendation

FIELDS = (
    *("text", "text_is_verbatim", "due_words", "due_on", "lead_body", "partners"),
    *("force_ask", "force_done_when"),
)


class TextForm(forms.Form):
    """The present values of a recommendation, to be corrected."""

    design = {
        "*": {"label_size": "s", "threshold": 75},
        "page": {"classes": "govuk-input--width-5"},
    }

    text = ProseField(
        subject="Text",
        label="Text of the recommendation",
        help_text="Paste it from the published report, without its number.",
        error_messages={"required": "Enter the text of the recommendation"},
        rows=8,
    )
    text_is_verbatim = forms.BooleanField(
        required=False, label="This is the report's own text, word for word"
    )
    due_words = ProseField(
        subject="Due date in the report's words",
        label="Due date in the report's words (optional)",
        help_text="For example, by 31 December 2020, immediately or within six months",
        required=False,
    )
    due_on = DateInputField(
        subject="Due date",
        label="Due date",
        error_messages={"required": "Enter the due date"},
    )
    lead_body = forms.ModelChoiceField(
        label="Lead organisation",
        queryset=Body.objects.none(),
        empty_label=None,
        error_messages={
            "required": "Select the lead organisation",
            "invalid_choice": "Select the lead organisation from the list",
        },
    )
    partners = forms.ModelMultipleChoiceField(
        label="Partners (optional)",
        queryset=Body.objects.none(),
        widget=DenseCheckboxes,
        required=False,
        error_messages={
            "invalid_choice": "Select partners from the list",
            "invalid_pk_value": "Select partners from the list",
        },
    )
    reason = ProseField(
        subject="Reason",
        label="Reason (optional)",
        help_text="Enter it if you change the due date or the lead, or if forces are no longer "
        "asked to do anything. Forces and other organisations can read it.",
        required=False,
        rows=2,
    )
    source = ProseField(
        subject="Source",
        label="Source (optional)",
        help_text="Where you read this. For example, Both sides of the coin, HMICFRS, "
        "10 January 2020",
        required=False,
    )
    page = forms.RegexField(
        r"^[\w .,\u2013-]{1,20}\Z",
        label="Page (optional)",
        required=False,
        error_messages={"invalid": "Page must be a page number, such as 9 or 9 to 10"},
    )
    aspects = forms.MultipleChoiceField(
        label="What the source shows (optional)",
        choices=Aspect.choices,
        widget=DenseCheckboxes,
        required=False,
        error_messages={"invalid_choice": "Select what the source shows from the list"},
    )
    force_ask = ProseField(
        subject="What forces are asked to do",
        label="What forces are asked to do (optional)",
        help_text="Leave it empty if forces are asked to do nothing.",
        required=False,
        rows=3,
    )
    force_done_when = ProseField(
        subject="When that counts as done",
        label="When that counts as done",
        required=False,
        rows=3,
    )

    def __init__(self, data: Any, *, recommendation: Recommendation) -> None:
        self.before = values_of(recommendation)
        super().__init__(data, initial={name: self.before[name] for name in FIELDS})
        self.recommendation = recommendation
        present = [recommendation.lead_body_id, *(body.pk for body in self.before["partners"])]
        bodies = Body.objects.existing().national() | Body.objects.filter(pk__in=present)
        for name in ("lead_body", "partners"):
            self.fields[name].queryset = bodies.order_by("name")  # type: ignore[attr-defined]
        for name in ("due_words", "source"):
            self.fields[name].widget = forms.TextInput()

    def clean_due_words(self) -> str:
        words = " ".join(self.cleaned_data["due_words"].split())
        if len(words) > 200:
            raise forms.ValidationError(
                "Due date in the report's words must be 200 characters or less"
            )
        return words

    def clean(self) -> dict[str, Any]:
        self._check_due_date()
        answers = self.cleaned_data
        if answers.get("aspects") and not answers.get("source"):
            self.add_error("source", "Enter the source, or select nothing that it shows")
        if answers.get("source") and not answers.get("aspects"):
            self.add_error("aspects", "Select what the source shows")
        if answers.get("page") and not answers.get("source"):
            self.add_error("source", "Enter the source that the page is in")
        if bool(answers.get("force_ask")) != bool(answers.get("force_done_when")):
            empty = "force_done_when" if answers.get("force_ask") else "force_ask"
            self.add_error(empty, ASK_WITHOUT_DONE_WHEN)
        if answers.get("lead_body") in answers.get("partners", []):
            self.add_error("partners", LEAD_IS_PARTNER)
        error = missing_reason(self.before, self.before | answers, reason=answers.get("reason", ""))
        if error:
            self.add_error("reason", error)
        return answers

    def _check_due_date(self) -> None:
        """Add errors if the day is implausible or is not that of new words."""
        due_on, words = self.cleaned_data.get("due_on"), self.cleaned_data.get("due_words", "")
        if due_on is None:
            return
        if error := due_date_error(due_on):
            self.add_error("due_on", error)
        if words == self.recommendation.due_words or not words:
            return
        published_on = self.recommendation.inspection.published_on
        try:
            resolved = resolve_due_date(words, published_on=published_on)
        except UnreadableDueDate:
            return  # only the day that was typed counts
        if resolved != due_on:
            self.add_error(
                "due_on", f"“{words}” is {wording.day(resolved)}. Change the date or the words"
            )

    @property
    def values(self) -> dict[str, Any]:
        """The new values of the fields; needs valid data."""
        values = {name: self.cleaned_data[name] for name in FIELDS}
        return values | {"partners": list(values["partners"].order_by("pk"))}

    @property
    def sources(self) -> dict[Aspect, Source]:
        source = Source(self.cleaned_data["source"], self.cleaned_data["page"])
        return {Aspect(name): source for name in self.cleaned_data["aspects"]}
