"""The form for the name of a saved view and for where it is shown."""

from typing import Any

from django import forms

from forces.text import clean_name, refuse_direction_marks
from recommendations.dashboards.saved_views.moving_days import PARAMETERS, choices_for, days_in
from recommendations.models.saved_view import NAME_LENGTH

PINNED, SHARED = "pinned", "shared"


class SavedViewForm(forms.Form):
    name = forms.CharField(
        label="Name of the view",
        help_text="For example, South East, overdue",
        max_length=NAME_LENGTH,
        error_messages={
            "required": "Enter a name for the view",
            "max_length": f"Name must be {NAME_LENGTH} characters or less",
        },
    )
    shown = forms.MultipleChoiceField(
        label="Where do you want to show this view? (optional)",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (PINNED, "Pin to my home page"),
            (SHARED, "Share with my colleagues"),
        ],
        error_messages={"invalid_choice": "Select where to show this view from the list"},
    )

    def __init__(self, data: Any = None, *, address: str, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.days = days_in(address)
        for name, on in self.days.items():
            self.fields[name] = forms.ChoiceField(
                label=PARAMETERS[name],
                help_text="A day that moves on is worked out when you open the view.",
                choices=choices_for(on),
                required=False,
                error_messages={"invalid_choice": "Select a day from the list"},
            )

    def clean_name(self) -> str:
        refuse_direction_marks(self.cleaned_data["name"], "Name")
        return clean_name(self.cleaned_data["name"])

    @property
    def answers(self) -> dict[str, Any]:
        """The arguments of `save_view` and `change_view`, once the form is valid."""
        shown = self.cleaned_data["shown"]
        return {
            "name": self.cleaned_data["name"],
            "moving_days": {name: rule for name in self.days if (rule := self.cleaned_data[name])},
            "is_pinned": PINNED in shown,
            "is_shared": SHARED in shown,
        }
