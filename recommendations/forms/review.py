"""An analyst's answer to a claim."""

from typing import Any

from django import forms

from recommendations.forms.prose import ProseField
from recommendations.models import Review


class ReviewForm(forms.Form):
    """Accept, or return with a reason."""

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
        error_messages={
            "required": "Select whether you accept or return the claim",
            "invalid_choice": "Select whether you accept or return the claim",
        },
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
        returned = answers.get("decision") == Review.Decision.RETURNED
        if returned and "reason" in answers and not answers["reason"]:
            self.add_error("reason", "Enter why you return the claim")
        return answers
