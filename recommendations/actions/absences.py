"""Setting and ending an absence, and declining to stand in."""

from datetime import date, datetime, timedelta

from django.db import transaction

from forces import audit
from forces.accounts import emails
from forces.accounts.access import lock_person
from forces.models import AccountEmail, User
from forces.refusal import Refusal
from recommendations import wording
from recommendations.absences import possible_stand_ins
from recommendations.models import Absence
from recommendations.rules import london_day

MAX_LENGTH = timedelta(days=366)
Kind = AccountEmail.Kind


@transaction.atomic
def set_absence(
    *, person: User, from_on: date, until_on: date, stand_in: User | None, by: User, at: datetime
) -> Absence:
    """Save when the person is away and who stands in, who gets an email; the same twice is once.

    Raises Refusal if the dates do not fit, if the account is closed, or if `stand_in` cannot stand
    in for the person or has declined to.
    """
    on, locked = london_day(at), lock_person(person)
    if not locked.is_active:
        raise Refusal(f"The account of {locked.name} is closed.")
    if until_on < max(from_on, on):
        raise Refusal("The last day must be today or later, and not before the first day.")
    if until_on - from_on > MAX_LENGTH:
        raise Refusal("An absence can be a year at most.")
    before = Absence.objects.filter(person=locked, until_on__gte=on).first()
    if before is not None and _is_same(before, from_on, until_on, stand_in):
        if before.declined_at and stand_in:
            raise Refusal(f"{stand_in.name} has declined. Choose someone else.")
        return before
    if stand_in is not None and stand_in not in possible_stand_ins(locked, on=max(on, from_on)):
        raise Refusal(f"{stand_in.name} cannot stand in. Choose someone else.")
    absence, _ = Absence.objects.update_or_create(
        person=locked,
        defaults={
            "from_on": from_on,
            "until_on": until_on,
            "stand_in": stand_in,
            "declined_at": None,
            "set_by": by,
            "set_at": at,
        },
    )
    _record("absence set", absence, by=by, at=at)
    if stand_in is not None:
        days = f"{wording.day(from_on)} to {wording.day(until_on)}"
        emails.queue(Kind.STAND_IN, person=stand_in, words=f"{locked.name}, {days}", at=at)
    return absence


@transaction.atomic
def end_absence(*, person: User, by: User, at: datetime) -> None:
    """Delete the absence, present or future. Does nothing if there is none."""
    lock_person(person)
    absence = Absence.objects.filter(person=person, until_on__gte=london_day(at)).first()
    if absence is not None:
        _record("absence ended", absence, by=by, at=at)
        absence.delete()


@transaction.atomic
def decline_to_stand_in(*, person: User, by: User, at: datetime) -> None:
    """No longer stand in for the person, who gets an email.

    Does nothing if the user does not stand in for them, or has declined already.
    """
    lock_person(person)
    absence = Absence.objects.filter(
        person=person, stand_in=by, declined_at=None, until_on__gte=london_day(at)
    ).first()
    if absence is None:
        return
    absence.declined_at = at
    absence.save(update_fields=["declined_at"])
    _record("stand-in declined", absence, by=by, at=at)
    emails.queue(Kind.DECLINED, person=absence.person, words=by.name, at=at)


def _is_same(absence: Absence, from_on: date, until_on: date, stand_in: User | None) -> bool:
    shown = (absence.from_on, absence.until_on, absence.stand_in_id)
    return shown == (from_on, until_on, stand_in.pk if stand_in else None)


def _record(act: str, absence: Absence, *, by: User, at: datetime) -> None:
    person = absence.person
    audit.record(
        at=at,
        act=act,
        actor=by,
        subject=person,
        body=person.body,
        from_on=absence.from_on.isoformat(),
        until_on=absence.until_on.isoformat(),
        stand_in=absence.stand_in_id,
    )
