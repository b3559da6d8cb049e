"""Who is away, and who stands in for them.

A stand-in has the same role in the same organisation as the person who is away, and gets emails. So
their digest already has everything that the person's digest has of that organisation, and they may
do everything that an email asks for: standing in gives no permissions.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils.text import get_text_list

from forces.models import Body, Membership, User
from forces.models.membership import CURRENT_SQL
from forces.rows import tuples
from recommendations import wording
from recommendations.models import Absence, EmailPreference
from recommendations.readers import Place, preferences_of

_MEMBERS_AWAY = f"""
    SELECT DISTINCT a.person_id FROM recommendations_absence a
    JOIN forces_membership m ON m.person_id = a.person_id
    WHERE m.body_id = %s AND %s BETWEEN a.from_on AND a.until_on AND {CURRENT_SQL}
"""  # noqa: S608  # nosec B608 # from constants
_OPEN_MEMBERSHIPS = """
    SELECT m.*, b.short_name AS body_name FROM forces_membership m
    LEFT JOIN forces_body b ON b.id = m.body_id
    WHERE m.ended_at IS NULL AND m.person_id = ANY(%s)
"""


@dataclass(frozen=True, kw_only=True)
class Away:
    """An absence, from one London day to another; equal ones are shown in the same words."""

    person_id: int
    person: str  # name
    from_on: date
    until_on: date
    named_id: int | None  # who was named as the stand-in
    stand_in: str  # the name of that person, or ""
    problem: str  # why that person does not stand in, or ""
    stand_in_until: date | None  # the last day of the stand-in's own absence on the same days
    covered: frozenset[Place]  # where the person named has the same role
    uncovered: tuple[str, ...]  # the other organisations
    body_ids: frozenset[int]  # the person's organisations

    @property
    def stand_in_id(self) -> int | None:
        """Return who stands in; None if nobody does."""
        return None if self.problem else self.named_id

    def is_on(self, on: date) -> bool:
        return self.from_on <= on <= self.until_on

    def days(self, *, on: date) -> str:
        """Return `until 4 December`, or `from 1 December until 4 December` before it begins."""
        begins = "" if self.is_on(on) else f"from {wording.day(self.from_on, today=on)} "
        return f"{begins}until {wording.day(self.until_on, today=on)}"

    def describe(self, *, on: date, is_reader: bool = False) -> str:
        """Return `Jo Smith is away until 4 December. Sam Lee stands in.`"""
        who = "You are" if is_reader else f"{self.person} is"
        return f"{who} away {self.days(on=on)}. {self.describe_stand_in(on=on)}"

    def describe_stand_in(self, *, on: date) -> str:
        """Return `Sam Lee stands in.`, or why nobody does."""
        if not self.named_id:
            return "Nobody stands in."
        if self.problem:
            return f"Nobody stands in: {self.problem}."
        text = f"{self.stand_in} stands in."
        if self.uncovered:
            text += f" Nobody stands in for {' and '.join(self.uncovered)}."
        if self.stand_in_until:
            day = wording.day(self.stand_in_until, today=on)
            text += f" {self.stand_in} is away too, until {day}."
        return text

    def note(self, *, on: date) -> str:
        """Return `For Jo Smith, who is away until 4 December.`"""
        return f"For {self.person}, who is away until {wording.day(self.until_on, today=on)}."


def current_absences(*, on: date) -> tuple[Away, ...]:
    """Return who is away on this London day, by name; 1 query, or 2 if anybody is."""
    return _absences(Q(from_on__lte=on), on=on)


def absences_at(body: Body, *, on: date) -> tuple[Away, ...]:
    """Return who is away of the members of an organisation; 1 query, or 3 if anybody is."""
    keys = tuples(_MEMBERS_AWAY, body.pk, on, on, on)
    return _absences(Q(person__in=[key for (key,) in keys]), on=on) if keys else ()


def people_away(*, on: date) -> set[int]:
    """Return the keys of the people who are away on this London day; 1 query."""
    sql = "SELECT person_id FROM recommendations_absence WHERE %s BETWEEN from_on AND until_on"
    return {key for (key,) in tuples(sql, on)}


def absence_of(person: User, *, on: date) -> Away | None:
    """Return the person's absence, present or future."""
    return next(iter(_absences(Q(person=person), on=on)), None)


def named_for(person: User, *, on: date) -> list[Away]:
    """Return the absences, present or future, in which the person stands in."""
    found = _absences(Q(stand_in=person), on=on)
    return [away for away in found if away.stand_in_id == person.pk]


def standing_in(absences: Iterable[Away], *, on: date) -> str:
    """Return `You are standing in for Jo Smith until 4 December.`"""
    names = [f"{away.person} {away.days(on=on)}" for away in absences]
    return f"You are standing in for {get_text_list(names, 'and')}."


def by_stand_in(absences: Iterable[Away]) -> dict[int, list[Away]]:
    """Return the absences by the key of who stands in."""
    found: dict[int, list[Away]] = defaultdict(list)
    for away in absences:
        if away.stand_in_id is not None:
            found[away.stand_in_id].append(away)
    return found


def possible_stand_ins(person: User, *, on: date) -> list[User]:
    """Return who can stand in for the person on this London day, by name; 2 queries."""
    places = _places([person.pk])[person.pk]
    current = {place: row for place, row in places.items() if row.is_current(on=on)}
    same_place = Q(pk__in=[])
    for role, body_id in current:
        same_place |= Q(role=role, body=body_id) if body_id else Q(role=role, body=None)
    members = Membership.objects.current(on=on).filter(same_place)
    people = User.objects.filter(Exists(members.filter(person=OuterRef("pk"))), is_active=True)
    others = people.exclude(pk=person.pk).select_related("email_preference").order_by("name", "pk")
    return [other for other in others if _gets_emails(other)]


def _absences(condition: Q, *, on: date) -> tuple[Away, ...]:
    rows = list(
        Absence.objects.filter(condition, until_on__gte=on, person__is_active=True)
        .select_related("person", "stand_in__email_preference", "stand_in__absence")
        .order_by("person__name", "pk")
    )
    if not rows:
        return ()
    places = _places([key for row in rows for key in (row.person_id, row.stand_in_id or 0)])
    return tuple(_away(row, places, on=max(on, row.from_on)) for row in rows)


def _places(people: Iterable[int]) -> dict[int, dict[Place, Membership]]:
    """Return the open memberships of each person by role and organisation; 1 query.

    `body_name` is the short name of the organisation.
    """
    found: dict[int, dict[Place, Membership]] = defaultdict(dict)
    for row in Membership.objects.raw(_OPEN_MEMBERSHIPS, [list(people)]):
        found[row.person_id][row.role, row.body_id] = row
    return found


def _away(row: Absence, places: dict[int, dict[Place, Membership]], *, on: date) -> Away:
    """Return the absence as it is on a day on which the person is away."""

    def current(key: int | None) -> dict[Place, Membership]:
        return {p: m for p, m in places[key or 0].items() if m.is_current(on=on)}

    own, named = current(row.person_id), row.stand_in
    covered = own.keys() & current(row.stand_in_id).keys()
    own_absence: Absence | None = getattr(named, "absence", None)
    is_away_too = own_absence is not None and (
        own_absence.from_on <= row.until_on and own_absence.until_on >= max(on, row.from_on)
    )
    return Away(
        person_id=row.person_id,
        person=row.person.name,
        from_on=row.from_on,
        until_on=row.until_on,
        named_id=row.stand_in_id,
        stand_in=named.name if named else "",
        problem=_problem(row, named, is_covered=bool(covered)),
        stand_in_until=own_absence.until_on if own_absence and is_away_too else None,
        covered=frozenset(covered),
        uncovered=tuple(
            m.body_name  # type: ignore[attr-defined]  # from _OPEN_MEMBERSHIPS
            for p, m in own.items()
            if p not in covered and m.body_id
        ),
        body_ids=frozenset(body_id for _, body_id in own if body_id),
    )


def _problem(row: Absence, named: User | None, *, is_covered: bool) -> str:
    """Return why the person named does not stand in, as a clause, or ""."""
    if named is None:
        return ""
    if row.declined_at:
        return f"{named.name} has declined"
    if not named.is_active:
        return f"{named.name} has left"
    if not is_covered:
        return f"{named.name} now has another role or organisation"
    return "" if _gets_emails(named) else f"{named.name} does not get all emails"


def _gets_emails(person: User) -> bool:
    choice = preferences_of(person)
    wants_all = choice.weekly != EmailPreference.Weekly.NEVER and choice.at_once
    return wants_all and not choice.bounces(person.email)
