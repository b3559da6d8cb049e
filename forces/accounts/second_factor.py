"""Who must prove more than a password, and whether they can (docs/decisions/0016)."""

from forces.models import Role, User

REQUIRED_OF = frozenset({Role.ANALYST, Role.ADMINISTRATOR})


def is_missing(person: User) -> bool:
    """Whether this person's role needs a second factor that the person does not have yet.

    Whoever has one is asked for it at each sign-in. Single sign-on counts where the provider
    asked for one itself; its people have no password here.
    """
    comes_by_provider = person.has_provider_factor and not person.has_usable_password()
    has_one = person.has_second_factor or comes_by_provider
    return person.role in REQUIRED_OF and not has_one
