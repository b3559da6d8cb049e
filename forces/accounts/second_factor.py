"""Who needs a second factor (docs/decisions/0016-sign-in.md)."""

from forces.models import Role, User

ROLES_WITH_FACTOR = frozenset({Role.ANALYST, Role.ADMINISTRATOR})


def is_missing(person: User) -> bool:
    """Whether the person's role needs a second factor that the person does not have.

    A second factor at the single sign-on provider counts for people without a password here.
    """
    has_it_at_provider = person.has_provider_factor and not person.has_usable_password()
    has_one = person.has_second_factor or has_it_at_provider
    return person.role in ROLES_WITH_FACTOR and not has_one
