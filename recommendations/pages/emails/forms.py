"""Why the digests of a week are held back."""

from django import forms


class HoldWeekForm(forms.Form):
    reason = forms.CharField(
        label="Why are they held back?",
        help_text="Other administrators and the audit trail show it. For example, figures are "
        "being mended.",
        max_length=300,
        error_messages={
            "required": "Enter why the digests are held back",
            "max_length": "The reason must have 300 characters or fewer",
        },
    )

    def clean_reason(self) -> str:
        return " ".join(self.cleaned_data["reason"].split())
