"""The form that holds back the digests of a week."""

from django import forms

from forces.text import refuse_direction_marks


class HoldWeekForm(forms.Form):
    reason = forms.CharField(
        label="Why are you holding back the digests?",
        help_text="Other administrators can see this, and it is recorded in the audit trail. For "
        "example: Figures are being corrected",
        max_length=300,
        error_messages={
            "required": "Enter why you are holding back the digests",
            "max_length": "Reason must be 300 characters or fewer",
        },
    )

    def clean_reason(self) -> str:
        refuse_direction_marks(self.cleaned_data["reason"], "Reason")
        return " ".join(self.cleaned_data["reason"].split())
