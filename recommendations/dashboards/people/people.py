"""The list of people: last sign-in, email preferences, and whether emails reach them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef

from forces.models import Body, Role, User
from recommendations.models import EmailPreference, OutboxEmail
from recommendations.readers import ALERT_ROLES, preferences_of, readers
from recommendations.rules import london_day


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


def people_rows(people: list[User]) -> list[PersonRow]:
    """Rows for people fetched with their `body` and `email_preference`; two queries."""
    keys = [person.pk for person in people]
    reader_keys = set(readers().filter(pk__in=keys).values_list("pk", flat=True))
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


def forces_without_officer() -> list[Body]:
    """Return the forces without a liaison officer whose account is open, by name."""
    officers = User.objects.filter(body=OuterRef("pk"), role=Role.LIAISON_OFFICER, is_active=True)
    return list(Body.objects.forces().filter(~Exists(officers)).order_by("short_name"))
