"""Taking a person's name and address out of the service; what they did stays true."""

from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.db.models import Q

from forces import audit
from forces.accounts.sessions import end_sessions
from forces.models import Departure, Role, User
from forces.refusal import Refusal
from recommendations.actions.change import count_revision
from recommendations.models import Inspection, OutboxMail
from recommendations.personal_data import HELD, Fate

State = OutboxMail.State
UNFINISHED = [State.WAITING, State.HELD, State.PARKED]


def pseudonym(person: User) -> str:
    """`Former liaison officer 37`: the number is the row's, and says nothing."""
    return f"Former {person.role.replace('_', ' ')} {person.pk}"


def remove_person(*, person: User, by: User | None, at: datetime) -> None:
    """Close the account, then forget who it was; `by` is None for the nightly job.

    Raises Refusal for oneself, for the last administrator, and where it was done already. Two
    transactions: once the account is closed its person writes nothing more, so that the second
    waits for nobody who waits for it (a new address locks the row against every mention of it).
    """
    _close(person, by=by, at=at)
    _forget(person, by=by, at=at)


@transaction.atomic
def _close(person: User, *, by: User | None, at: datetime) -> None:
    administrators = list(
        User.objects.select_for_update(no_key=True)
        .filter(role=Role.ADMINISTRATOR, is_active=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if by is not None and by.pk not in administrators:
        raise Refusal("Your own account was closed meanwhile.")
    if by is not None and person.pk == by.pk:
        raise Refusal("You cannot remove yourself. Ask another administrator.")
    if administrators == [person.pk]:
        raise Refusal("This is the last administrator. Make another one first.")
    if Departure.objects.filter(person=person, removed_at__isnull=False).exists():
        raise Refusal("This person was removed already.")
    if User.objects.filter(pk=person.pk, is_active=True).update(is_active=False):
        audit.record(at=at, act="account closed", actor=by, subject=person, body=person.body)


@transaction.atomic
def _forget(person: User, *, by: User | None, at: datetime) -> None:
    locked = User.objects.select_for_update().get(pk=person.pk)
    departure, _ = Departure.objects.get_or_create(person=locked, defaults={"left_at": at})
    if departure.removed_at is not None:
        raise Refusal("This person was removed already.")
    Departure.objects.filter(pk=departure.pk).update(removed_at=at)
    end_sessions(locked)
    _blank_mails(locked)
    for held in HELD:
        if held.fate is Fate.DELETED:
            held.of(locked).delete()
    LogEntry.objects.filter(
        content_type__app_label="forces", content_type__model="user", object_id=str(locked.pk)
    ).delete()
    locked.name, locked.email = pseudonym(locked), f"removed-{locked.pk}@removed.invalid"
    locked.last_login = None
    locked.set_unusable_password()
    locked.save(update_fields=["name", "email", "last_login", "password"])
    audit.record(at=at, act="person removed", actor=by, subject=locked, body=locked.body)
    inspection = Inspection.objects.current()
    if inspection is not None:
        count_revision(inspection.pk)


def _blank_mails(person: User) -> None:
    """Their own; and tests to administrators, which show what others would be sent.

    A test may name the person as they were called once, so the name goes from all that are over.
    """
    own = OutboxMail.objects.filter(reader=person)
    own.filter(state__in=UNFINISHED).update(state=State.EXPIRED, claimed_at=None)
    own.update(reader_name="", address="", last_error="", provider_id="")
    is_over = ~Q(state__in=UNFINISHED) | Q(reader_name=person.name)
    OutboxMail.objects.filter(is_over, kind=OutboxMail.Kind.TEST).update(reader_name="")
