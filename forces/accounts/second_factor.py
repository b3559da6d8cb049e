"""Who needs a second factor (docs/decisions/0016-sign-in.md)."""

from django.http import HttpRequest

from forces.accounts.demonstration_users import may_skip_second_factor
from forces.models import Role, User

ROLES_WITH_FACTOR = frozenset({Role.ANALYST, Role.ADMINISTRATOR})


def is_missing(person: User) -> bool:
    """Whether the person's role needs a second factor that the person does not have.

    A second factor at the single sign-on provider counts for people without a password here.
    """
    has_it_at_provider = person.has_provider_factor and not person.has_usable_password()
    has_one = person.has_second_factor or has_it_at_provider
    return person.role in ROLES_WITH_FACTOR and not has_one


def must_be_set_up(person: User, request: HttpRequest) -> bool:
    """Whether it is missing and this request may not be made without it."""
    return is_missing(person) and not may_skip_second_factor(person, request)
