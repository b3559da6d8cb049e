"""Forms for the decision on a claim, for several claims, and for a correction."""

from typing import Any

from django import forms

from recommendations.forms.choices import DenseCheckboxes, DenseRadios
from recommendations.forms.prose import ProseField
from recommendations.models import Review
from recommendations.models.review import ReturnCause

SELECT_SECOND = "Select whether you confirm or return the claim"
SELECT_DECISION = "Select whether you accept or return the claim"
MISSING_COMMENT = "Enter what is missing and what would be enough"


class ReviewForm(forms.Form):
    """Accept the claim, or return it with reasons and a comment."""

    design = {
        "*": {"label_size": "s"},
        "causes": {"classes": "app-fieldset--if"},
        "reason": {"threshold": 75},
        "decision": {
            "item_hints": {
                Review.Decision.ACCEPTED: "it is implemented",
                Review.Decision.RETURNED: "in progress again, same due date",
            }
        },
    }

    decision = forms.ChoiceField(
        label="What is your decision?",
        choices=[
            (Review.Decision.ACCEPTED, "Accept"),
            (Review.Decision.RETURNED, "Return"),
        ],
        widget=DenseRadios,
        error_messages={"required": SELECT_DECISION, "invalid_choice": SELECT_DECISION},
    )
    causes = forms.MultipleChoiceField(
        label="Why are you returning it?",
        choices=ReturnCause.choices,
        widget=DenseCheckboxes,
        required=False,
        error_messages={"invalid_choice": "Select why you are returning it from the list"},
    )
    reason = ProseField(
        subject="Comment",
        label="Comment",
        help_text="If you return it, explain what is missing. The force will read this.",
        required=False,
        rows=3,
    )

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        if answers.get("decision") != Review.Decision.RETURNED:
            answers["causes"] = []
            return answers
        if "causes" in answers and not answers["causes"]:
            self.add_error("causes", "Select why you are returning the claim")
        if "reason" in answers and not answers["reason"]:
            self.add_error("reason", MISSING_COMMENT)
        return answers


class SecondReviewForm(forms.Form):
    """Confirm that the claim was rightly accepted, or return it with a reason."""

    design = {
        "*": {"label_size": "s"},
        "reason": {"threshold": 75},
        "decision": {
            "item_hints": {
                Review.Decision.ACCEPTED: "it is no longer self-assessed",
                Review.Decision.RETURNED: "in progress again, same due date",
            }
        },
    }

    decision = forms.ChoiceField(
        label="What is your decision?",
        choices=[(Review.Decision.ACCEPTED, "Confirm"), (Review.Decision.RETURNED, "Return")],
        widget=DenseRadios,
        error_messages={"required": SELECT_SECOND, "invalid_choice": SELECT_SECOND},
    )
    reason = ProseField(
        subject="Comment",
        label="Comment",
        help_text="If you return it, explain what is missing.",
        required=False,
        rows=3,
    )

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        is_return = answers.get("decision") == Review.Decision.RETURNED
        if is_return and "reason" in answers and not answers["reason"]:
            self.add_error("reason", MISSING_COMMENT)
        return answers


class AcceptTogetherForm(forms.Form):
    """The claims on one recommendation that are selected to be accepted."""

    design = {"reason": {"label_size": "s", "threshold": 75}}

    claims = forms.TypedMultipleChoiceField(
        coerce=int,
        error_messages={
            "required": "Select the claims you accept",
            "invalid_choice": "One of the claims you selected is no longer waiting for review",
        },
    )
    reason = ProseField(subject="Comment", label="Comment (optional)", required=False, rows=4)

    def __init__(self, data: Any = None, *, waiting: list[int]) -> None:
        super().__init__(data)
        self.fields["claims"].choices = [(pk, str(pk)) for pk in waiting]  # type: ignore[attr-defined]


class ReviewCorrectionForm(forms.Form):
    """Why a decision was wrong. `to` is the new decision, so a second click does not undo it."""

    design = {"*": {"label_size": "m"}}

    to = forms.ChoiceField(
        choices=Review.Decision.choices,
        widget=forms.HiddenInput,
        error_messages={"required": "Read the decision again before you correct it"},
    )
    reason = ProseField(
        subject="Reason",
        label="Why was the decision wrong?",
        help_text="The force will read this.",
        error_messages={"required": "Enter why the decision was wrong"},
        rows=6,
    )
