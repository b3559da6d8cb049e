"""The form to create an API token."""

from datetime import timedelta

from django import forms

from forces.text import clean_name, refuse_direction_marks

LIFETIMES = [("30", "30 days"), ("90", "90 days"), ("365", "1 year")]


class ApiTokenForm(forms.Form):
    name = forms.CharField(
        label="What is it for?",
        help_text="For example, monthly briefing spreadsheet",
        max_length=60,
        error_messages={
            "required": "Enter what the token is for",
            "max_length": "What the token is for must be 60 characters or fewer",
        },
    )
    days = forms.ChoiceField(
        label="How long do you need it?",
        choices=LIFETIMES,
        initial="90",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select how long you need the token",
            "invalid_choice": "Select how long you need the token",
        },
    )

    def clean_name(self) -> str:
        refuse_direction_marks(self.cleaned_data["name"], "What the token is for")
        return clean_name(self.cleaned_data["name"])

    @property
    def lasts(self) -> timedelta:
        return timedelta(days=int(self.cleaned_data["days"]))
