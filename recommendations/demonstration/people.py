"""Made-up people. Their addresses are under example.org, which takes no mail."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from forces.accounts.demonstration_users import EMAIL_DOMAIN
from forces.models import Body, Role, User

FIRST_NAMES = [
    "Aisha",
    "Alan",
    "Amber",
    "Andrew",
    "Anita",
    "Bethan",
    "Callum",
    "Carys",
    "Charlotte",
    "Chloe",
    "Daniel",
    "David",
    "Deborah",
    "Dylan",
    "Eleanor",
    "Emily",
    "Farah",
    "Fiona",
    "Gareth",
    "George",
    "Grace",
    "Hannah",
    "Harpreet",
    "Helen",
    "Ian",
    "Imran",
    "Jack",
    "James",
    "Jasmine",
    "Joanne",
    "Josh",
    "Karen",
    "Kiran",
    "Laura",
    "Leah",
    "Liam",
    "Lucy",
    "Maria",
    "Martin",
    "Megan",
    "Michael",
    "Mohammed",
    "Naomi",
    "Nasreen",
    "Nathan",
    "Neil",
    "Nicola",
    "Oliver",
    "Owen",
    "Patrick",
    "Paula",
    "Priya",
    "Rachel",
    "Rebecca",
    "Rhys",
    "Robert",
    "Rosie",
    "Samira",
    "Sarah",
    "Sean",
    "Simon",
    "Sofia",
    "Stephen",
    "Tariq",
    "Teresa",
    "Thomas",
    "Victoria",
    "William",
    "Yasmin",
    "Zoe",
]
LAST_NAMES = [
    "Adeyemi",
    "Ahmed",
    "Allen",
    "Bailey",
    "Baker",
    "Begum",
    "Bennett",
    "Bhatt",
    "Brown",
    "Carter",
    "Chapman",
    "Clarke",
    "Cole",
    "Cooper",
    "Davies",
    "Dixon",
    "Edwards",
    "Ellis",
    "Evans",
    "Fletcher",
    "Foster",
    "Gill",
    "Graham",
    "Green",
    "Griffiths",
    "Hall",
    "Harris",
    "Hughes",
    "Hussain",
    "Jackson",
    "Jenkins",
    "Johnson",
    "Jones",
    "Kaur",
    "Kelly",
    "Khan",
    "King",
    "Lewis",
    "Lloyd",
    "Marsh",
    "Mason",
    "Mitchell",
    "Moore",
    "Morgan",
    "Murphy",
    "Nair",
    "Nolan",
    "Okafor",
    "Owen",
    "Parker",
    "Patel",
    "Pearce",
    "Phillips",
    "Powell",
    "Price",
    "Quinn",
    "Rees",
    "Reid",
    "Roberts",
    "Robinson",
    "Rogers",
    "Scott",
    "Shah",
    "Shaw",
    "Singh",
    "Stone",
    "Taylor",
    "Thomas",
    "Turner",
    "Walker",
    "Ward",
    "Watson",
    "Webb",
    "White",
    "Wilson",
    "Wood",
    "Wright",
    "Young",
]

ANALYST_EMAIL = f"analyst@{EMAIL_DOMAIN}"
OFFICER_EMAIL = f"kent@{EMAIL_DOMAIN}"
ADMINISTRATOR_EMAIL = f"administrator@{EMAIL_DOMAIN}"
SIGN_INS = (
    ("Home Office analyst", ANALYST_EMAIL),
    ("Force liaison officer", OFFICER_EMAIL),
    ("Administrator", ADMINISTRATOR_EMAIL),
)


@dataclass(frozen=True)
class People:
    """Who takes part. A body without officers never says anything."""

    analysts: list[User]
    administrator: User
    readers: list[User]  # who come to read only
    officers: dict[str, list[User]]  # by the body's slug; a person who left is the last

    @property
    def everybody(self) -> list[User]:
        officers = [officer for group in self.officers.values() for officer in group]
        return [*self.analysts, self.administrator, *self.readers, *officers]


class _Cast:
    """Hands out people whose names and addresses are all different."""

    def __init__(self, rng: Random, password: str, joined_at: datetime) -> None:
        pairs = [(first, last) for first in FIRST_NAMES for last in LAST_NAMES]
        rng.shuffle(pairs)
        self._names = iter(pairs)
        self._password = password
        self._joined_at = joined_at

    def person(
        self, role: Role, *, body: Body | None = None, email: str = "", is_active: bool = True
    ) -> User:
        first, last = next(self._names)
        host = f"{body.slug}.{EMAIL_DOMAIN}" if body else EMAIL_DOMAIN
        return User(
            email=email or f"{first}.{last}@{host}".lower(),
            name=f"{first} {last}",
            role=role,
            body=body,
            is_active=is_active,
            password=self._password,
            joined_at=self._joined_at,
        )


def make_people(
    rng: Random,
    *,
    forces: list[Body],
    leads: Iterable[Body],
    never_heard: str,
    left_alone: str,
    password: str,
    joined_at: datetime,
) -> People:
    """Unsaved people. `password` is an encoded one, made once: hashing it is slow by design.

    The force `never_heard` has no officer; the only one of `left_alone` has left.
    """
    cast = _Cast(rng, password, joined_at)
    analysts = [cast.person(Role.ANALYST, email=ANALYST_EMAIL)]
    analysts += [cast.person(Role.ANALYST) for _ in range(2)]
    administrator = cast.person(Role.ADMINISTRATOR, email=ADMINISTRATOR_EMAIL)
    officers: dict[str, list[User]] = {}
    for body in [*forces, *leads]:
        count = 0 if body.slug == never_heard else 1
        if body.is_force and body.slug != left_alone:
            count *= rng.choice((1, 2, 2))
        officers[body.slug] = [
            cast.person(
                Role.LIAISON_OFFICER,
                body=body,
                email=OFFICER_EMAIL if body.slug == "kent" and number == 0 else "",
                is_active=body.slug != left_alone,
            )
            for number in range(count)
        ]
    chief_officer = cast.person(Role.CHIEF_OFFICER, body=rng.choice(forces))
    readers = [chief_officer, cast.person(Role.OBSERVER)]
    return People(analysts, administrator, readers, officers)
