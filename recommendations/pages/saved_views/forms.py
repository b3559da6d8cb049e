"""The name of a saved view, and where it is shown."""

from django import forms

from recommendations.models.saved_view import NAME_LENGTH

PINNED, SHARED = "pinned", "shared"


class SavedViewForm(forms.Form):
    """What a person says of a view."""

    name = forms.CharField(
        label="Name of the view",
        help_text="For example, South East, overdue",
        max_length=NAME_LENGTH,
        error_messages={
            "required": "Enter a name for the view",
            "max_length": f"The name must have {NAME_LENGTH} characters or fewer",
        },
    )
    shown = forms.MultipleChoiceField(
        label="Where it is shown",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (PINNED, "On the first page that I see"),
            (SHARED, "Among the views that my colleagues share"),
        ],
        error_messages={"invalid_choice": "Choose from the list where it is shown"},
    )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    @property
    def said(self) -> dict[str, object]:
        """For the actions, once the form is valid."""
        shown = self.cleaned_data["shown"]
        return {
            "name": self.cleaned_data["name"],
            "is_pinned": PINNED in shown,
            "is_shared": SHARED in shown,
        }
