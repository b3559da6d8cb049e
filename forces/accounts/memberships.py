"""Adding and ending memberships, and choosing which one to act for."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeAlias

from django.db import transaction
from django.utils import timezone

from forces import audit
from forces.accounts.access import access_changed
from forces.accounts.administration import close_account, is_last_administrator
from forces.accounts.sessions import end_sessions
from forces.models import Body, Membership, Role, User
from forces.models.user import ROLES_WITH_BODY, ROLES_WITHOUT_BODY, policing_role_error
from forces.refusal import Refusal

SESSION_KEY = "acting_for"  # the key of the membership
Source = Membership.Source
Place: TypeAlias = tuple[str, Body | None]  # a role, and its organisation


def bodies_of(person: User, *, at: datetime) -> set[int]:
    """Return the keys of the organisations that the person acts for, in any membership; 1 query."""
    current = Membership.objects.current(on=timezone.localdate(at)).filter(person=person)
    return set(current.exclude(body=None).values_list("body_id", flat=True))


def current_memberships(person: User, *, at: datetime) -> list[Membership]:
    """Return the memberships that give access at this instant, the main one first. One query."""
    rows = person.memberships.current(on=timezone.localdate(at)).select_related("body")
    return list(rows.in_order())


@transaction.atomic
def add_membership(
    *,
    person: User,
    body: Body | None,
    role: str,
    from_on: date,
    until_on: date | None,
    by: User | None,
    at: datetime,
    source: str = Source.HAND,
) -> Membership:
    """Let the person act for another organisation, from one London day to another.

    Raises Refusal if the dates or the role do not fit, if the account is closed, or if the person
    has a membership of the organisation (or, without one, a national role) on one of the days.
    """
    _lock(person)
    if not person.is_active:
        raise Refusal(f"The account of {person.name} is closed. Open it again first.")
    if error := _error(body, role, from_on, until_on, on=timezone.localdate(at)):
        raise Refusal(error)
    for other in person.memberships.open().filter(body=body):
        is_before = other.until_on is not None and other.until_on < from_on
        is_after = until_on is not None and not other.is_main and until_on < other.from_on
        if not is_before and not is_after:
            what = f"a membership of {body.short_name}" if body else "a national role"
            raise Refusal(
                f"{person.name} already has {what} on some of these days. End that first."
            )
    membership = Membership.objects.create(
        person=person, body=body, role=role, from_on=from_on, until_on=until_on, source=source
    )
    _record("membership added", membership, by=by, at=at)
    access_changed.send(sender=User, person=person, by=by, at=at)
    return membership


@transaction.atomic
def end_membership(
    *, membership: Membership, by: User | None, at: datetime, until_on: date | None = None
) -> None:
    """End a membership at once, or after the London day `until_on`.

    If the main one ends at once, another current one becomes the main one, or the account is
    closed. Raises Refusal if it has ended, if the day is in the past or before it begins, for one's
    own, and for that of the last administrator.
    """
    person = _lock(membership.person)
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if by is not None and by.pk == person.pk:
        raise Refusal("You cannot end your own membership. Ask another administrator.")
    if membership.ended_at is not None:
        raise Refusal("This membership has already ended.")
    if membership.role == Role.ADMINISTRATOR and is_last_administrator(person):
        raise Refusal("This is the last administrator. Make someone else an administrator first.")
    if until_on is not None:
        if until_on < max(timezone.localdate(at), membership.from_on):
            raise Refusal("The last day must be today or later, and not before the first day.")
        if until_on == membership.until_on:
            return
        Membership.objects.filter(pk=membership.pk).update(until_on=until_on)
        membership.until_on = until_on
        _record("membership end set", membership, by=by, at=at)
        return
    _end([membership], person, by=by, at=at)


@transaction.atomic
def end_due_memberships(*, at: datetime, person: User | None = None) -> int:
    """End the memberships whose last day has passed; return how many. Can be run twice."""
    on = timezone.localdate(at)
    due = Membership.objects.open().filter(until_on__lt=on, person__is_active=True)
    if person is not None:
        due = due.filter(person=person)
    count = 0
    for pk in due.order_by("person_id").values_list("person_id", flat=True).distinct():
        locked = _lock(User(pk=pk))
        rows = list(due.filter(person=locked).select_for_update(of=("self",)))
        _end(rows, locked, by=None, at=at)
        count += len(rows)
    return count


def _end(rows: list[Membership], person: User, *, by: User | None, at: datetime) -> None:
    """End the memberships, and find another main one if it was among them, or close the account."""
    loses_main = any(row.is_main for row in rows)
    remaining = person.memberships.current(on=timezone.localdate(at)).exclude(
        pk__in=[row.pk for row in rows]
    )
    following = remaining.in_order().first() if loses_main else None
    _end_now(rows, by=by, at=at)
    if following is not None:
        person.role, person.body = following.role, following.body
        person.save(update_fields=["role", "body"])
        end_sessions(person)
    elif loses_main and not is_last_administrator(person):
        close_account(person=person, by=by, at=at)
        return
    access_changed.send(sender=User, person=person, by=by, at=at)


def follow_provider(*, person: User, places: Sequence[Place], at: datetime) -> list[Place]:
    """End what a lost group gave, and return the places that the person has now: groups first.

    What was given by hand stays. The main membership is left to the caller, who has locked the
    person: it becomes one of the places returned. The list is empty if there is none.
    """
    rows = current_memberships(person, at=at)
    further = [row for row in rows if not row.is_main]
    lost = [
        row
        for row in further
        if row.source == Source.PROVIDER and (row.role, row.body) not in places
    ]
    if lost:
        _end_now(lost, by=None, at=at)
        access_changed.send(sender=User, person=person, by=None, at=at)
    by_hand = [(row.role, row.body) for row in further if row.source == Source.HAND]
    return [*places, *(place for place in by_hand if place not in places)]


def add_places(*, person: User, places: Sequence[Place], at: datetime) -> None:
    """Add what the provider's groups give and the person does not have.

    A membership of the organisation that was given by hand stays instead, even a future one.
    """
    rows = person.memberships.open().select_related("body")
    if (person.role, person.body) in places:
        rows.filter(is_main=True).update(source=Source.PROVIDER)
    taken = {row.body for row in rows}
    missing = [(role, body) for role, body in places if body not in taken]
    for role, body in missing:
        membership = Membership.objects.create(
            person=person,
            body=body,
            role=role,
            from_on=timezone.localdate(at),
            source=Source.PROVIDER,
        )
        _record("membership added", membership, by=None, at=at)
    if missing:
        access_changed.send(sender=User, person=person, by=None, at=at)


def _end_now(rows: Sequence[Membership], *, by: User | None, at: datetime) -> None:
    Membership.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=at)
    for row in rows:
        _record("membership ended", row, by=by, at=at)


def record_switch(*, person: User, membership: Membership, at: datetime) -> None:
    """Record that the person has chosen what to act for."""
    person.act_for(membership)
    audit.record(
        at=at,
        act="acts for another organisation",
        actor=person,
        subject=person,
        body=membership.body,
    )


def _lock(person: User) -> User:
    return User.objects.select_for_update().get(pk=person.pk)


def _error(body: Body | None, role: str, from_on: date, until_on: date | None, *, on: date) -> str:
    if role == Role.ADMINISTRATOR:
        return "An administrator has no other membership. Change the person's role instead."
    if role in ROLES_WITH_BODY and body is None:
        return "Select the organisation of this officer."
    if role in ROLES_WITHOUT_BODY and body is not None:
        return "Select None: analysts have no organisation."
    if body is not None and body.ended_at is not None:
        return f"{body.name} has ended. Select another organisation."
    if error := policing_role_error(role, body):
        return f"{error}."
    if until_on is not None and until_on < max(from_on, on):
        return "The last day must be today or later, and not before the first day."
    return ""


def _record(act: str, membership: Membership, *, by: User | None, at: datetime) -> None:
    details: dict[str, Any] = {
        "membership": membership.pk,
        "role": membership.role,
        "from": membership.from_on.isoformat(),
        "until": membership.until_on.isoformat() if membership.until_on else "",
        "source": membership.source,
    }
    audit.record(
        at=at, act=act, actor=by, subject=membership.person, body=membership.body, **details
    )
