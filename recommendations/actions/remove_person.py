"""Removes a person's name and email address from the service. What they did does not change."""

from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.db.models import Q

from forces import audit
from forces.accounts.administration import close_account, lock_administrators
from forces.accounts.personal_data import Removal
from forces.accounts.sessions import end_sessions
from forces.models import Departure, User
from forces.refusal import Refusal
from recommendations.actions.change import outdate_current_snapshots
from recommendations.models import OutboxEmail
from recommendations.personal_data import PERSONAL_DATA

State = OutboxEmail.State
UNFINISHED = [State.WAITING, State.HELD, State.PARKED]
ALREADY_REMOVED = "This person has already been removed."


def pseudonym(person: User) -> str:
    """The name after a removal, such as "Former liaison officer 37", with the row's key."""
    return f"Former {person.role.replace('_', ' ')} {person.pk}"


def remove_person(*, person: User, by: User | None, at: datetime) -> None:
    """Close the account, then remove the person's data; `by` is None for the nightly job.

    Raises Refusal for oneself, for the last administrator, and for somebody already removed. Two
    transactions avoid a deadlock: the new address locks the row against all references to it, and
    once the account is closed, its person writes no more of them.
    """
    _close_account(person, by=by, at=at)
    _remove_data(person, by=by, at=at)


@transaction.atomic
def _close_account(person: User, *, by: User | None, at: datetime) -> None:
    administrators = lock_administrators()
    if by is not None and by.pk not in administrators:
        raise Refusal("Your own account was closed while you were working.")
    if by is not None and person.pk == by.pk:
        raise Refusal("You cannot remove yourself. Ask another administrator.")
    if administrators == [person.pk]:
        raise Refusal("This is the last administrator. Make someone else an administrator first.")
    if Departure.objects.filter(person=person, removed_at__isnull=False).exists():
        raise Refusal(ALREADY_REMOVED)
    close_account(person=person, by=by, at=at)


@transaction.atomic
def _remove_data(person: User, *, by: User | None, at: datetime) -> None:
    locked = User.objects.select_for_update().get(pk=person.pk)
    departure, _ = Departure.objects.get_or_create(person=locked, defaults={"left_at": at})
    if departure.removed_at is not None:
        raise Refusal(ALREADY_REMOVED)
    Departure.objects.filter(pk=departure.pk).update(removed_at=at)
    end_sessions(locked)
    _blank_emails(locked)
    for held in PERSONAL_DATA:
        if held.fate is Removal.DELETED:
            held.of(locked).delete()
    LogEntry.objects.filter(
        content_type__app_label="forces", content_type__model="user", object_id=str(locked.pk)
    ).delete()
    locked.name, locked.email = pseudonym(locked), f"removed-{locked.pk}@removed.invalid"
    locked.last_login = None
    locked.set_unusable_password()
    locked.save(update_fields=["name", "email", "last_login", "password"])
    audit.record(at=at, act="person removed", actor=by, subject=locked, body=locked.body)
    outdate_current_snapshots()


def _blank_emails(person: User) -> None:
    """Remove the name from the person's emails, and from tests, which show other people's emails.

    A test may have a former name of the person, so all finished tests lose the name.
    """
    own = OutboxEmail.objects.filter(reader=person)
    own.filter(state__in=UNFINISHED).update(state=State.EXPIRED, claimed_at=None)
    own.update(reader_name="", address="", last_error="", provider_id="")
    is_finished = ~Q(state__in=UNFINISHED) | Q(reader_name=person.name)
    OutboxEmail.objects.filter(is_finished, kind=OutboxEmail.Kind.TEST).update(reader_name="")
