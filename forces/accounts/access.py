"""Changes of what a person may do: who has to know, and who must not overtake them."""

from django.dispatch import Signal

from forces.models import User
from forces.refusal import Refusal

ACCESS_CHANGED = (
    "Your password, role or organisation changed while you were working. Sign in again and repeat "
    "this."
)


# Sent in the transaction that changes a role, an organisation, a membership or whether somebody may
# sign in, with `person`, `by` (a person, or None for the service) and `at`.
access_changed = Signal()


def lock_person(person: User) -> User:
    """Lock the person's row until the transaction ends, so that a second click waits; return it."""
    return User.objects.select_for_update(no_key=True).get(pk=person.pk)


def lock_access(person: User) -> None:
    """Lock the person's row until the transaction ends.

    Raises Refusal if password, role, organisation or access are no longer those of `person`: a
    secret made now would outlive the change, which revokes only those that exist.
    """
    locked = lock_person(person)
    if locked.get_session_auth_hash() != person.get_session_auth_hash():
        raise Refusal(ACCESS_CHANGED)
    if person.acting is not None and not locked.memberships.open().filter(pk=person.acting.pk):
        raise Refusal(ACCESS_CHANGED)
