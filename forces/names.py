"""The names of organisations and people at a time in the past, and finding them by former names.

A page about a past day shows the names of that day, and history the names that people had when they
wrote it. Other modules take names from `Body` and `User`, which hold the present ones.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db.models import Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.db.models.query import ModelIterable

from forces.models import Body, BodyName, PersonName, User
from forces.rows import tuples

_Row = TypeVar("_Row", bound=Model)

# The name that a person had at an instant, as SQL: `{person}` is the alias of forces_user.
NAME_AT = """COALESCE(
    (SELECT n.name FROM forces_personname n
     WHERE n.person_id = {person}.id AND n.until > {at} ORDER BY n.until LIMIT 1),
    {person}.name)"""

_FORMER_NAMES = """
    SELECT person_id, until, name FROM forces_personname WHERE person_id = ANY(%s)
    ORDER BY until, id
"""


@dataclass(frozen=True)
class NamePeriod:
    """A name of an organisation, and its first London day (None: always)."""

    name: str
    short_name: str
    since: date | None


class _NamesOfDay(ModelIterable):  # type: ignore[type-arg]  # not generic when it runs
    """Replaces the names of each organisation by those of the day of `bodies_on`."""

    def __iter__(self):  # type: ignore[no-untyped-def]
        for body in super().__iter__():
            body.name, body.short_name = body.name_on, body.short_name_on
            yield body


def bodies_on(on: date | None, bodies: QuerySet[Body] | None = None) -> QuerySet[Body]:
    """Return organisations with their names of a London day (None: today), by kind and short name.

    They are only for showing: saving them would write the names of that day.
    """
    bodies = Body.objects.all() if bodies is None else bodies
    if on is None:
        return bodies.order_by("kind", "short_name")
    names = BodyName.objects.in_force_on(on).filter(body=OuterRef("pk"))
    dated = bodies.annotate(
        name_on=Coalesce(Subquery(names.values("name")[:1]), "name"),
        short_name_on=Coalesce(Subquery(names.values("short_name")[:1]), "short_name"),
    )
    dated._iterable_class = _NamesOfDay
    return dated.order_by("kind", "short_name_on")


def body_on(body: Body, on: date | None) -> Body:
    """Return the organisation with its names of a London day; 1 query, or none for today."""
    name = BodyName.objects.in_force_on(on).filter(body=body).first() if on else None
    if name is None or (name.name, name.short_name) == (body.name, body.short_name):
        return body
    dated = copy(body)
    dated.name, dated.short_name = name.name, name.short_name
    return dated


def name_periods(bodies: Iterable[Body]) -> dict[int, list[NamePeriod]]:
    """Return the names of each organisation that has recorded ones, in order; 1 query.

    A row with the same names as the one before it, such as a correction of a rename that never
    happened, starts no new period.
    """
    rows = BodyName.objects.valid().filter(body__in=bodies)
    periods: dict[int, list[NamePeriod]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.since or date.min, row.pk)):
        own = periods[row.body_id]
        if not own or (own[-1].name, own[-1].short_name) != (row.name, row.short_name):
            own.append(NamePeriod(row.name, row.short_name, row.since))
    return dict(periods)


def former_names(bodies: Iterable[Body]) -> dict[int, list[str]]:
    """Return the names and short names that organisations no longer have, by key; 1 query."""
    by_key = {body.pk: body for body in bodies}
    found = {}
    for key, periods in name_periods(by_key.values()).items():
        names = {name for period in periods for name in (period.name, period.short_name)}
        found[key] = sorted(names - {by_key[key].name, by_key[key].short_name})
    return found


def known_as(text: str) -> QuerySet[Body]:
    """Return the organisations that have or had this name, short name or slug, ignoring case."""
    name = text.strip()
    is_former = BodyName.objects.valid().filter(Q(name__iexact=name) | Q(short_name__iexact=name))
    return Body.objects.filter(
        Q(name__iexact=name)
        | Q(short_name__iexact=name)
        | Q(slug__iexact=name)
        | Q(pk__in=is_former.values("body"))
    )


def find_body(text: str) -> Body | None:
    """Return the organisation with this slug, or the only one with this present or former name.

    If it has ended, return its successor, or None.
    """
    body = Body.objects.filter(slug=text).first()
    if body is None:
        found = list(known_as(text)[:2])
        body = found[0] if len(found) == 1 else None
    return body.succeeded_by if body is not None and body.ended_at is not None else body


def keep_former_name(person: User, name: str, *, at: datetime) -> None:
    """Record that the person had this name until now."""
    if name and name != person.name:
        PersonName.objects.create(person=person, name=name, until=at)


def with_names_then(rows: Iterable[_Row], person: str, at: str) -> list[_Row]:
    """Return rows that a person wrote, with the name that the person had then; 1 query.

    `person` and `at` are the names of the fields of the writer and the instant.
    """
    written = list(rows)
    name_writers([(row, person, at) for row in written])
    return written


def name_writers(rows: Iterable[tuple[Model, str, str]]) -> None:
    """Do the same for rows of several models: each with its fields of the writer and the instant.

    1 query, or none without rows. The writers are selected with the rows.
    """
    written = [
        (row, field, getattr(row, field), getattr(row, at))
        for row, field, at in rows
        if getattr(row, field) is not None
    ]
    names = _former_names_of_people({person.pk for _, _, person, _ in written})
    for row, field, person, at in written if names else []:
        name = next((name for until, name in names.get(person.pk, ()) if until > at), None)
        if name is not None:
            named = copy(person)  # a prefetched person is shared by several rows
            named.name = name
            setattr(row, field, named)


def _former_names_of_people(keys: set[int]) -> Mapping[int, list[tuple[datetime, str]]]:
    """Return the former names in order, each with the instant at which it ended, by person."""
    found: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    for person_id, until, name in tuples(_FORMER_NAMES, list(keys)) if keys else ():
        found[person_id].append((until, name))
    return found
