"""An analyst's answer to a claim, to several, and the correction of an answer."""

from typing import Any

from django import forms

from recommendations.forms.prose import ProseField
from recommendations.models import Review
from recommendations.models.review import ReturnCause

DECIDE = "Select whether you accept or return the claim"


class ReviewForm(forms.Form):
    """Accept, or return with causes and a reason in words."""

    design = {
        "*": {"label_size": "m"},
        "decision": {
            "item_hints": {
                Review.Decision.ACCEPTED: "The recommendation is implemented, and this is closed.",
                Review.Decision.RETURNED: "It is in progress again, with the same due date.",
            }
        },
    }

    decision = forms.ChoiceField(
        label="What is your decision?",
        choices=[
            (Review.Decision.ACCEPTED, "Accept the claim"),
            (Review.Decision.RETURNED, "Return the claim"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": DECIDE, "invalid_choice": DECIDE},
    )
    causes = forms.MultipleChoiceField(
        label="If you return it, what is the matter?",
        help_text="Select all that apply.",
        choices=ReturnCause.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Select what is the matter from the list"},
    )
    reason = ProseField(
        subject="Reason",
        label="Why?",
        help_text="You must say why you return a claim: what is missing, and what would be enough. "
        "The body reads this.",
        required=False,
        rows=6,
    )

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        if answers.get("decision") != Review.Decision.RETURNED:
            answers["causes"] = []
            return answers
        if "causes" in answers and not answers["causes"]:
            self.add_error("causes", "Select what is the matter with the claim")
        if "reason" in answers and not answers["reason"]:
            self.add_error("reason", "Enter why you return the claim")
        return answers


class AcceptTogetherForm(forms.Form):
    """Claims of one recommendation, each ticked after it was read."""

    claims = forms.TypedMultipleChoiceField(
        coerce=int,
        error_messages={
            "required": "Select the claims that you accept",
            "invalid_choice": "One of the claims you selected no longer waits for review",
        },
    )
    reason = ProseField(subject="Reason", label="A word on all of them (optional)", required=False)

    def __init__(self, data: Any = None, *, waiting: list[int]) -> None:
        super().__init__(data)
        self.fields["claims"].choices = [(pk, str(pk)) for pk in waiting]  # type: ignore[attr-defined]


class CorrectionForm(forms.Form):
    """Why a decision was wrong, and which one is to stand: the other than the page showed."""

    design = {"*": {"label_size": "m"}}

    to = forms.ChoiceField(
        choices=Review.Decision.choices,
        widget=forms.HiddenInput,
        error_messages={"required": "Look at the decision again before you correct it"},
    )
    reason = ProseField(
        subject="Reason",
        label="Why was the decision wrong?",
        help_text="The body reads this.",
        error_messages={"required": "Enter why the decision was wrong"},
        rows=6,
    )
