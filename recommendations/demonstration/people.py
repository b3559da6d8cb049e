"""Makes up people. Their addresses are under example.org, which accepts no email."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from random import Random

from forces.accounts.demonstration_users import EMAIL_DOMAIN
from forces.models import Body, Role, User
from recommendations.demonstration.phrases import read_data_file

ANALYST_EMAIL = f"analyst@{EMAIL_DOMAIN}"
OFFICER_EMAIL = f"kent@{EMAIL_DOMAIN}"
ADMINISTRATOR_EMAIL = f"administrator@{EMAIL_DOMAIN}"
CHIEF_OFFICER_EMAIL = f"chief@{EMAIL_DOMAIN}"
SECOND_REVIEWER_EMAIL = f"second-reviewer@{EMAIL_DOMAIN}"
POLICING_EMAIL = f"pcc@{EMAIL_DOMAIN}"  # of Kent
SIGN_INS = (
    ("Home Office analyst", ANALYST_EMAIL),
    ("Force liaison officer", OFFICER_EMAIL),
    ("Administrator", ADMINISTRATOR_EMAIL),
    ("Chief officer", CHIEF_OFFICER_EMAIL),
    ("Second reviewer", SECOND_REVIEWER_EMAIL),
    ("Local policing body", POLICING_EMAIL),
)


@dataclass(frozen=True)
class People:
    """The people by role. A force without officers never submits an update."""

    analysts: list[User]
    administrator: User
    readers: list[User]  # they send no updates
    policing_reader: User  # of the local policing body of Kent
    officers: dict[str, list[User]]  # by the slug of their force or national body

    @property
    def all(self) -> list[User]:
        officers = [officer for group in self.officers.values() for officer in group]
        others = [self.administrator, *self.readers, self.policing_reader]
        return [*self.analysts, *others, *officers]


@dataclass(frozen=True)
class _PersonFactory:
    """Makes unsaved people whose names and addresses are all different."""

    names: Iterator[tuple[str, str]]
    password: str
    joined_at: datetime

    def create(
        self, role: Role, *, body: Body | None = None, email: str = "", is_active: bool = True
    ) -> User:
        first, last = next(self.names)
        host = f"{body.slug}.{EMAIL_DOMAIN}" if body else EMAIL_DOMAIN
        return User(
            email=email or f"{first}.{last}@{host}".lower(),
            name=f"{first} {last}",
            role=role,
            body=body,
            is_active=is_active,
            password=self.password,
            joined_at=self.joined_at,
        )


def make_people(
    rng: Random,
    *,
    forces: list[Body],
    leads: Iterable[Body],
    second_body: Body,
    policing_body: Body,
    silent_force: str,
    vacant_force: str,
    password: str,
    joined_at: datetime,
) -> People:
    """Return unsaved people, who all have the encoded `password`: hashing one is slow by design.

    `silent_force` (a slug) has no officer; the only officer of `vacant_force` has left.
    """
    parts = read_data_file("names.toml")
    names = list(product(parts["first_names"], parts["last_names"]))
    rng.shuffle(names)
    factory = _PersonFactory(iter(names), password, joined_at)
    analysts = [factory.create(Role.ANALYST, email=ANALYST_EMAIL)]
    analysts += [factory.create(Role.ANALYST) for _ in range(2)]
    administrator = factory.create(Role.ADMINISTRATOR, email=ADMINISTRATOR_EMAIL)
    officers = {
        body.slug: _make_officers(
            body,
            rng,
            factory,
            is_silent=body.slug == silent_force,
            has_left=body.slug == vacant_force,
        )
        for body in [*forces, *leads]
    }
    with_officers = [body for body in forces if any(o.is_active for o in officers[body.slug])]
    chief_officer = factory.create(
        Role.CHIEF_OFFICER,
        body=rng.choice([body for body in with_officers if body.slug != "kent"]),
        email=CHIEF_OFFICER_EMAIL,
    )
    observer = factory.create(Role.OBSERVER)
    policing_reader = factory.create(
        Role.LOCAL_POLICING_BODY, body=policing_body, email=POLICING_EMAIL
    )
    second_reviewer = factory.create(
        Role.SECOND_REVIEWER, body=second_body, email=SECOND_REVIEWER_EMAIL
    )
    readers = [chief_officer, observer, second_reviewer]
    return People(analysts, administrator, readers, policing_reader, officers)


def _make_officers(
    body: Body, rng: Random, factory: _PersonFactory, *, is_silent: bool, has_left: bool
) -> list[User]:
    count = 0 if is_silent else 1
    if body.is_force and not has_left:
        count *= rng.choice((1, 2, 2))
    return [
        factory.create(
            Role.LIAISON_OFFICER,
            body=body,
            email=OFFICER_EMAIL if body.slug == "kent" and number == 0 else "",
            is_active=not has_left,
        )
        for number in range(count)
    ]
