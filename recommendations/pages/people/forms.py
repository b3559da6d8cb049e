"""Whom an administrator invites, and as what."""

from typing import Any

from django import forms

from forces.models import Body, Role, User

WITH_BODY = {Role.LIAISON_OFFICER, Role.CHIEF_OFFICER}
MAY_HAVE_BODY = WITH_BODY | {Role.OBSERVER}


class InvitationForm(forms.ModelForm):
    """A person who is not here yet."""

    design = {"*": {"label_size": "s"}}

    class Meta:
        model = User
        fields = ["name", "email", "role", "body"]
        labels = {"name": "Name", "email": "Email address", "role": "Role", "body": "Body"}
        help_texts = {
            "email": "The invitation goes there. It works once, and for 72 hours.",
            "body": "Of a liaison officer or chief officer; of an observer, if it is one.",
        }
        error_messages = {
            "name": {"required": "Enter the person's name"},
            "email": {
                "required": "Enter the person's email address",
                "invalid": "Enter an email address in the correct format, like name@example.com",
                "unique": "Another person already has this email address",
            },
            "role": {"required": "Select what the person is here for"},
        }
        widgets = {"role": forms.RadioSelect}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        role, body = self.fields["role"], self.fields["body"]
        role.choices = Role.choices  # type: ignore[attr-defined]
        body.queryset = Body.objects.order_by("short_name")  # type: ignore[attr-defined]
        body.empty_label = "None"  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError("Another person already has this email address")
        return email

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        role, body = told.get("role"), told.get("body")
        if role in WITH_BODY and body is None:
            self.add_error("body", "Select the body that this officer belongs to")
        if role and role not in MAY_HAVE_BODY and body is not None:
            self.add_error("body", "Select None: analysts and administrators belong to no body")
        return told

    def validate_constraints(self) -> None:
        """`clean` has said it in kinder words."""
