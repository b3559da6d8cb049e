"""The forms to invite one person, and several from a spreadsheet."""

from typing import Any

from django import forms

from forces.models import Body, Role, User
from forces.models.user import ROLES_WITH_BODY, ROLES_WITHOUT_BODY
from forces.text import normalise_email
from recommendations.imports.people_sheet import LAYOUT
from recommendations.pages.sheet_upload import SheetForm

ADDRESS_IS_TAKEN = "Another person already has this email address"


class InvitationForm(forms.ModelForm):
    """The name, email address, role and organisation of a new person."""

    design = {"*": {"label_size": "s"}}

    class Meta:
        model = User
        fields = ["name", "email", "role", "body"]
        labels = {"name": "Name", "email": "Email address", "role": "Role", "body": "Organisation"}
        help_texts = {
            "email": "We will send the invitation here. It works once, for 72 hours.",
            "body": "Not for analysts or administrators. Optional for observers.",
        }
        error_messages = {
            "name": {"required": "Enter the person's name"},
            "email": {
                "required": "Enter the person's email address",
                "invalid": "Enter an email address in the correct format, like name@example.com",
                "unique": ADDRESS_IS_TAKEN,
            },
            "role": {"required": "Select a role"},
        }
        widgets = {"role": forms.RadioSelect}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        role, body = self.fields["role"], self.fields["body"]
        role.choices = Role.choices  # type: ignore[attr-defined]
        body.queryset = Body.objects.existing().order_by("short_name")  # type: ignore[attr-defined]
        body.empty_label = "None"  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if User.objects.filter(email__iexact=normalise_email(email)).exists():
            raise forms.ValidationError(ADDRESS_IS_TAKEN)
        return email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        role, body = cleaned.get("role"), cleaned.get("body")
        if role in ROLES_WITH_BODY and body is None:
            self.add_error("body", "Select the organisation of this officer")
        if role in ROLES_WITHOUT_BODY and body is not None:
            self.add_error("body", "Select None: analysts and administrators have no organisation")
        return cleaned

    def validate_constraints(self) -> None:
        """Skip the constraints, which `clean` checks with more helpful messages."""


class PeopleSheetForm(SheetForm):
    """People to invite, in a file or as text."""

    layout = LAYOUT
    noun = "people"
