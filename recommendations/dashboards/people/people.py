"""The list of people: last sign-in, email preferences, and whether emails reach them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from forces.models import Body, Membership, PersonName, Role, User
from recommendations.dashboards.parameters import parse_choice
from recommendations.dashboards.sorting import Fields, order_rows, parse_sort
from recommendations.models import EmailPreference, OutboxEmail
from recommendations.readers import ALERT_ROLES, BOUNCING, preferences_of, readers
from recommendations.rules import london_day

LEFT, BOUNCED = "left", "bounced"
ACCOUNTS = {"": "Open", LEFT: "Closed (left)"}
EMAILS = {"": "Any", BOUNCED: "Bounced"}
SORTS: Fields = {
    "name": ("name",),
    "email": ("email",),
    "role": ("role", "body__short_name", "name"),
    "organisation": ("body__short_name", "name"),
    "last_sign_in": ("last_login", "name"),
}


@dataclass(frozen=True, kw_only=True)
class PeopleQuery:
    """Filters of the list (empty: no filter), and the column that it is sorted by."""

    name: str = ""  # part of a name, a former name, an email address or an organisation
    role: str = ""
    account: str = ""
    emails: str = ""
    sort: str = "name"  # with "-" before it: descending


def parse_people_query(values: Mapping[str, str]) -> tuple[PeopleQuery, list[str]]:
    """The query that GET parameters describe, and notes about what had to be left out."""
    notes: list[str] = []
    query = PeopleQuery(
        name=values.get("name", "").replace("\x00", "").strip(),
        role=parse_choice(values.get("role", ""), Role.values, noun="role", notes=notes),
        account=parse_choice(values.get("account", ""), ACCOUNTS, noun="account", notes=notes),
        emails=parse_choice(values.get("emails", ""), EMAILS, noun="email filter", notes=notes),
        sort=parse_sort(values.get("sort", ""), SORTS, default="name"),
    )
    return query, notes


def people(query: PeopleQuery) -> QuerySet[User]:
    """The people who match, without those whose data were removed."""
    matches = User.objects.filter(is_active=True)
    if query.account == LEFT:
        matches = User.objects.filter(is_active=False, departure__removed_at=None)
    if query.emails == BOUNCED:
        matches = matches.filter(BOUNCING)
    if query.role:
        matches = matches.filter(role=query.role)
    if query.name:
        text = query.name
        matches = matches.filter(
            Q(name__icontains=text)
            | Q(email__icontains=text)
            | Q(body__short_name__icontains=text)
            | Q(pk__in=PersonName.objects.filter(name__icontains=text).values("person"))
            | Exists(
                Membership.objects.open().filter(
                    person=OuterRef("pk"), body__short_name__icontains=text
                )
            )
        )
    return order_rows(matches.select_related("body", "email_preference"), query.sort, SORTS)


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    person: User
    last_sign_in_on: date | None  # London day; None if the person has never signed in
    choice: EmailPreference
    bouncing_since: datetime | None
    rejections: int  # emails to the current address rejected in a row
    is_delivered: bool  # whether an email to the current address was accepted
    is_reader: bool  # whether the person may get digests
    has_news: bool  # whether the person may choose instant alerts

    @property
    def weekly(self) -> str:
        """The choice in a few words: `If overdue`."""
        is_default = self.choice.weekly == EmailPreference.Weekly.OVERDUE
        return "If overdue" if is_default else self.choice.get_weekly_display()


def people_rows(people: list[User], *, on: date) -> list[PersonRow]:
    """Rows for people fetched with their `body` and `email_preference`; two queries."""
    keys = [person.pk for person in people]
    reader_keys = set(readers(on=on).filter(pk__in=keys).values_list("pk", flat=True))
    sent = OutboxEmail.objects.filter(reader__in=people, state=OutboxEmail.State.SENT)
    delivered = set(sent.values_list("reader_id", "address").distinct())
    rows = []
    for person in people:
        choice = preferences_of(person)
        row = PersonRow(
            person=person,
            last_sign_in_on=london_day(person.last_login) if person.last_login else None,
            choice=choice,
            bouncing_since=choice.bounces(person.email),
            rejections=choice.refused(person.email),
            is_delivered=(person.pk, person.email) in delivered,
            is_reader=person.pk in reader_keys,
            has_news=person.role in ALERT_ROLES,
        )
        rows.append(row)
    return rows


def forces_without_officer(*, on: date) -> list[Body]:
    """Return the forces without a liaison officer whose account is open, by name."""
    officers = Membership.objects.current(on=on).filter(
        body=OuterRef("pk"), role=Role.LIAISON_OFFICER, person__is_active=True
    )
    return list(Body.objects.existing().forces().filter(~Exists(officers)).order_by("short_name"))
