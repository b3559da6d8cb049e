"""The spreadsheet of people to invite: its columns, and what is wrong with each cell."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models.functions import Lower

from forces.accounts.invitations import NewPerson
from forces.models import Body, Role, User
from forces.models.user import ROLES_WITH_BODY, ROLES_WITHOUT_BODY, policing_role_error
from forces.text import clean_name, normalise_email, validate_email_letters, validate_name
from recommendations.imports.organisations import OrganisationNames
from recommendations.imports.rows import InvalidCell, SpreadsheetRow
from recommendations.imports.sheets.grid import fold
from recommendations.imports.sheets.layout import SheetLayout

NAME, EMAIL, ROLE, ORGANISATION = "Name", "Email address", "Role", "Organisation"
HEADINGS = (NAME, EMAIL, ROLE, ORGANISATION)
MAX_PEOPLE = 100
LAYOUT = SheetLayout(
    sheet="People",
    headings=HEADINGS,
    key_headings=frozenset({NAME, EMAIL}),
    other_headings={"Email": EMAIL, "E-mail": EMAIL, "Email-address": EMAIL},
    max_rows=MAX_PEOPLE,
    max_megabytes=1,
)
MAX_NAME_LENGTH: int = User._meta.get_field("name").max_length or 0
MAX_EMAIL_LENGTH: int = User._meta.get_field("email").max_length or 0
_SHOWN_LENGTH = 254  # characters of a cell that the preview shows
_ROLES = {
    text.lower(): role for role in Role for text in (role.label, role.value.replace("_", " "))
}


@dataclass(frozen=True, kw_only=True)
class InvitationRow:
    """One row of the sheet. `texts` and `errors` are by heading, as in the file."""

    number: int
    texts: Mapping[str, str]
    errors: Mapping[str, str]
    person: NewPerson | None  # None if there is an error

    @property
    def cells(self) -> list["PersonCell"]:
        return [
            PersonCell(
                id=f"row-{self.number}-{heading.split()[0].lower()}",
                heading=heading,
                text=self.texts[heading],
                error=self.errors.get(heading, ""),
            )
            for heading in HEADINGS
        ]


@dataclass(frozen=True, kw_only=True)
class PersonCell:
    """One cell of the preview. `error` is empty if the cell is right."""

    id: str  # of the element, which the error summary links to
    heading: str
    text: str
    error: str


def check_rows(rows: Iterable[SpreadsheetRow]) -> list[InvitationRow]:
    """Return what each row says and what is wrong with it. Two queries."""
    rows = list(rows)
    names = OrganisationNames(Body.objects.existing())
    existing = _people_by_email(rows)
    first_rows: dict[str, int] = {}
    checked = []
    for row in rows:
        email = _email(row)
        first_row = first_rows.setdefault(email, row.number)
        errors = {
            NAME: row.problem or _name_error(clean_name(row.text(NAME))),
            EMAIL: _email_error(row.text(EMAIL), existing.get(email)),
            ROLE: _role_error(row.text(ROLE)),
            ORGANISATION: _organisation_error(row, names),
        }
        errors |= {heading: _cell_error(row, heading) or errors[heading] for heading in HEADINGS}
        if first_row != row.number and not errors[EMAIL]:
            errors[EMAIL] = f"This email address is also in row {first_row}"
        checked.append(_checked(row, errors, names))
    return checked


def as_text(rows: Iterable[InvitationRow]) -> str:
    """Return the rows as CSV with headings, so that the preview can submit them again."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(HEADINGS)
    writer.writerows([row.texts[heading] for heading in HEADINGS] for row in rows)
    return file.getvalue()


def _checked(
    row: SpreadsheetRow, errors: Mapping[str, str], names: OrganisationNames
) -> InvitationRow:
    texts = {heading: " ".join(row.text(heading).split()) for heading in HEADINGS}
    found = {heading: error for heading, error in errors.items() if error}
    person = None
    if not found:
        person = NewPerson(
            name=clean_name(texts[NAME]),
            email=normalise_email(texts[EMAIL]),
            role=_ROLES[fold(texts[ROLE])],
            body=names.find(texts[ORGANISATION]),
        )
    shown = {heading: text[:_SHOWN_LENGTH] for heading, text in texts.items()}
    return InvitationRow(number=row.number, texts=shown, errors=found, person=person)


def _people_by_email(rows: list[SpreadsheetRow]) -> dict[str, User]:
    """Return the people who already have one of the addresses, by the address in lower case."""
    emails = {_email(row) for row in rows}
    people = User.objects.annotate(lower_email=Lower("email")).filter(lower_email__in=emails)
    return {person.lower_email: person for person in people.select_related("body")}


def _email(row: SpreadsheetRow) -> str:
    return normalise_email(row.text(EMAIL)).lower()


def _error_of(check: Callable[[str], None], text: str) -> str:
    try:
        check(text)
    except ValidationError as error:
        return str(error.message)
    return ""


def _cell_error(row: SpreadsheetRow, heading: str) -> str:
    """Return why the value of a cell must not be used, such as a formula or a lost letter."""
    try:
        row.checked_text(heading, is_prose=True)
    except InvalidCell as reason:
        return f"{heading} {reason}"
    if row.lost_letters(heading, is_name=True):
        return f"{heading} has a letter that another program could not save. Enter it again"
    return ""


def _name_error(name: str) -> str:
    if not name:
        return "Enter the person's name"
    if len(name) > MAX_NAME_LENGTH:
        return f"Name must be {MAX_NAME_LENGTH} characters or fewer"
    return _error_of(validate_name, name)


def _email_error(email: str, person: User | None) -> str:
    if not email:
        return "Enter the person's email address"
    if person is not None:
        return _taken_error(person)
    try:
        validate_email(email)
    except ValidationError:
        return "Enter an email address in the correct format, like name@example.com"
    if error := _error_of(validate_email_letters, email):
        return error
    if len(email) > MAX_EMAIL_LENGTH:
        return f"Email address must be {MAX_EMAIL_LENGTH} characters or fewer"
    return ""


def _taken_error(person: User) -> str:
    role = person.get_role_display()
    who = f"{person.name} ({role}, {person.body.short_name})" if person.body else person.name
    if not person.is_active:
        return f"{who} has left and had this email address. Open their account again instead"
    return f"{who} already has this email address"


def _role_error(role: str) -> str:
    if not role:
        return "Enter a role"
    if fold(role) not in _ROLES:
        return f"Role must be one of: {', '.join(str(label) for label in Role.labels)}"
    return ""


def _organisation_error(row: SpreadsheetRow, names: OrganisationNames) -> str:
    name, role = row.text(ORGANISATION), _ROLES.get(fold(row.text(ROLE)))
    if name and role in ROLES_WITHOUT_BODY:
        return "Leave this empty: analysts and administrators have no organisation"
    if name and names.find(name) is None:
        return names.error(name)
    if not name and role in ROLES_WITH_BODY:
        return "Enter the organisation of this person"
    return policing_role_error(role, names.find(name)) if role else ""
