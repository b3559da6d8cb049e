"""What an administrator does for people's accounts, each in one transaction with its event."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from forces import audit
from forces.accounts import emails
from forces.accounts.sessions import end_sessions
from forces.models import Role, User
from forces.refusal import Refusal


def is_last_administrator(person: User) -> bool:
    """Whether nobody would be left to let people in. Holds all administrators' rows until the
    transaction ends, so that two do not demote each other."""
    rows = User.objects.select_for_update(no_key=True).order_by("pk")
    found = rows.filter(role=Role.ADMINISTRATOR, is_active=True).values_list("pk", flat=True)
    return list(found) == [person.pk]


@transaction.atomic
def remove_second_factors(*, person: User, by: User, at: datetime) -> None:
    """For somebody who lost phone and codes: whose role needs one sets it up at the next sign-in.

    Raises Refusal where it is one's own: whoever holds a session only could lift it otherwise.
    """
    if person == by:
        raise Refusal("Remove your own second factor under Your account.")
    if not Authenticator.objects.filter(user=person).exists():
        raise Refusal(f"{person.name} has no second factor.")
    factors = Authenticator.objects.filter(user=person)
    factors._raw_delete(factors.db)  # one act, told once: below, and not for each factor
    end_sessions(person)
    emails.tell(person, "an administrator removed your second factors", at=at)
    audit.record(at=at, act="second factors removed", actor=by, subject=person, body=person.body)
