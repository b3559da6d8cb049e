"""Actions of administrators on people's accounts."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from forces import audit
from forces.accounts import emails
from forces.accounts.access import access_changed
from forces.accounts.sessions import end_sessions
from forces.models import Role, User
from forces.refusal import Refusal


def lock_administrators() -> list[int]:
    """Lock the rows of all active administrators until the transaction ends; their keys.

    Two administrators cannot demote each other at the same time, so one is always left.
    """
    rows = User.objects.select_for_update(no_key=True).order_by("pk")
    return list(rows.filter(role=Role.ADMINISTRATOR, is_active=True).values_list("pk", flat=True))


def is_last_administrator(person: User) -> bool:
    """Whether nobody else could manage people. Locks as `lock_administrators` does."""
    return lock_administrators() == [person.pk]


@transaction.atomic
def close_account(*, person: User, by: User | None, at: datetime) -> None:
    """Let the person no longer sign in, and end their sessions. A closed account stays closed."""
    if not User.objects.filter(pk=person.pk, is_active=True).update(is_active=False):
        return
    person.is_active = False
    end_sessions(person)
    audit.record(at=at, act="account closed", actor=by, subject=person, body=person.body)
    access_changed.send(sender=User, person=person, by=by, at=at)


@transaction.atomic
def remove_second_factors(*, person: User, by: User, at: datetime) -> None:
    """Remove all second factors of somebody who lost them, end their sessions and notify them.

    Raises Refusal for one's own: somebody who has taken over a session must not remove them.
    """
    if person == by:
        raise Refusal("Remove your own second factor under Your account.")
    factors = Authenticator.objects.filter(user=person)
    if not factors.exists():
        raise Refusal(f"{person.name} has no second factor.")
    factors._raw_delete(factors.db)  # without signals: one event and one email, not one a factor
    end_sessions(person)
    emails.notify(person, "An administrator removed your second factors", at=at)
    audit.record(at=at, act="second factors removed", actor=by, subject=person, body=person.body)
