"""The list of people: who gets which emails, and whether they arrive."""

from dataclasses import dataclass
from datetime import datetime

from forces.models import User
from recommendations.models import MailChoice, OutboxMail
from recommendations.readers import NEWS_ROLES, choice_of, readers


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    person: User
    choice: MailChoice
    bouncing_since: datetime | None
    refusals: int
    arrives: bool  # an email to the present address was accepted
    is_reader: bool  # may get digests at all
    has_news: bool  # may choose the daily email


def people_rows(people: list[User]) -> list[PersonRow]:
    """Two queries; `people` with their body and choice."""
    reading = set(
        readers().filter(pk__in=[person.pk for person in people]).values_list("pk", flat=True)
    )
    sent = OutboxMail.objects.filter(reader__in=people, state=OutboxMail.State.SENT)
    arrived = set(sent.values_list("reader_id", "address").distinct())
    return [
        _row(person, is_reader=person.pk in reading, arrives=(person.pk, person.email) in arrived)
        for person in people
    ]


def _row(person: User, *, is_reader: bool, arrives: bool) -> PersonRow:
    choice = choice_of(person)
    return PersonRow(
        person=person,
        choice=choice,
        bouncing_since=choice.bounces(person.email),
        refusals=choice.refused(person.email),
        arrives=arrives,
        is_reader=is_reader,
        has_news=person.role in NEWS_ROLES,
    )
