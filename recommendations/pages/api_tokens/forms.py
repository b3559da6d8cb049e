"""Making a token for the API."""

from datetime import timedelta

from django import forms

DAYS = [("30", "30 days"), ("90", "90 days"), ("365", "One year")]


class ApiTokenForm(forms.Form):
    """What it is for, and for how long."""

    name = forms.CharField(
        label="What is it for?",
        help_text="For example, monthly briefing spreadsheet",
        max_length=60,
        error_messages={
            "required": "Enter what the token is for",
            "max_length": "What it is for must have 60 characters or fewer",
        },
    )
    days = forms.ChoiceField(
        label="For how long?",
        choices=DAYS,
        initial="90",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose for how long",
            "invalid_choice": "Choose for how long from the list",
        },
    )

    @property
    def lasts(self) -> timedelta:
        """Once the form is valid."""
        return timedelta(days=int(self.cleaned_data["days"]))
