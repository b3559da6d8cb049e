"""The forms to invite one person, and several from a spreadsheet."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from forces.models import Body, Role, User
from forces.models.user import ROLES_WITH_BODY, ROLES_WITHOUT_BODY
from forces.text import normalise_email
from recommendations.evidence.file_types import UnacceptableFile
from recommendations.imports.people_sheet import LAYOUT, MAX_PEOPLE
from recommendations.imports.rows import SpreadsheetRow
from recommendations.imports.spreadsheet import read_rows

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
        body.queryset = Body.objects.order_by("short_name")  # type: ignore[attr-defined]
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


class PeopleSheetForm(forms.Form):
    """People to invite, in a file or as text. When it is valid, `sheet_rows` are its rows."""

    design = {"*": {"label_size": "s"}}

    file = forms.FileField(
        label="Upload a file",
        required=False,
        help_text=f"The file must be .xlsx, .ods or .csv, with up to {MAX_PEOPLE} people, and "
        f"smaller than {LAYOUT.max_megabytes}MB.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv"}),
    )
    rows = forms.CharField(
        label="Or copy the cells and paste them here",
        required=False,
        help_text="Include the row of headings.",
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )
    sheet_rows: list[SpreadsheetRow]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file, text = cleaned.get("file"), cleaned.get("rows", "")
        if "file" in self.errors:
            return cleaned
        if bool(file) == bool(text):
            self.add_error(
                "file",
                "Upload a file or paste rows, not both" if file else "Select a file or paste rows",
            )
            return cleaned
        try:
            self.sheet_rows = _read_file(file) if file else read_pasted(text)
        except UnacceptableFile as reason:
            self.add_error("file" if file else "rows", str(reason))
        return cleaned


def read_pasted(text: str) -> list[SpreadsheetRow]:
    """Return the rows of pasted cells. Raises UnacceptableFile if they cannot be read."""
    return read_rows(text.encode(), name="Pasted rows", layout=LAYOUT)


def _read_file(file: "UploadedFile[Any]") -> list[SpreadsheetRow]:
    name = file.name or "file"
    if (file.size or 0) > LAYOUT.max_bytes:
        raise UnacceptableFile(f"“{name}” must be smaller than {LAYOUT.max_megabytes}MB")
    return read_rows(file.read(), name=name, layout=LAYOUT)
