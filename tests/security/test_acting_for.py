"""What somebody with several memberships gets depends on the one that they have chosen."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.utils import timezone

from forces.accounts.memberships import SESSION_KEY, add_membership
from forces.models import Role, User
from tests.factories import OfficerFactory
from tests.security import matrix
from tests.security.arguments import NO_OWNER, arguments_by_owner
from tests.security.clients import UserClient, outcome
from tests.security.endpoints import UrlEndpoint, all_endpoints
from tests.security.scenario import FORCES, OTHER, OWN, SECRET, Scenario

# The role in Kent (analysts have no force), by the column of the matrix with the same role.
CHOSEN = {
    "officer": Role.LIAISON_OFFICER,
    "force observer": Role.OBSERVER,
    "analyst": Role.ANALYST,
}
SWAPPED = {OWN: OTHER, OTHER: OWN, NO_OWNER: NO_OWNER}
MATRIX = matrix.read()

pytestmark = pytest.mark.usefixtures("no_logs")


@pytest.mark.parametrize("name", CHOSEN)
def test_the_chosen_membership_alone_counts(name: str, scenario: Scenario):
    """The main one, as an officer of Essex, neither adds anything nor takes anything away."""
    client = UserClient(replace(scenario, users=scenario.users | {name: _person(scenario)}), name)
    _choose(client, CHOSEN[name], scenario)
    expected, actual = {}, {}
    for endpoint, owner, path in _decisive_requests(scenario):
        expected[path] = MATRIX[name][endpoint.route, owner]["GET"]
        response = client.send("GET", path)
        actual[path] = outcome(response)
        assert name == "analyst" or SECRET.encode() not in response.body, path
    assert actual == expected


def test_without_a_choice_the_main_membership_counts(scenario: Scenario):
    """An officer of Essex gets what one of Kent gets, with the forces swapped."""
    person = _person(scenario)
    client = UserClient(replace(scenario, users=scenario.users | {"officer": person}), "officer")
    _add(person, Role.ANALYST, scenario)
    expected, actual = {}, {}
    for endpoint, owner, path in _decisive_requests(scenario):
        expected[path] = MATRIX["officer"][endpoint.route, SWAPPED[owner]]["GET"]
        actual[path] = outcome(client.send("GET", path))
    assert actual == expected


def _person(scenario: Scenario) -> User:
    """Return an officer of Essex, with the second factor that the other roles require."""
    essex = scenario.world.forces[FORCES[OTHER]]
    person: User = OfficerFactory(name="Two Hats", body=essex, has_second_factor=True)
    return person


def _add(person: User, role: Role, scenario: Scenario) -> int:
    body = None if role == Role.ANALYST else scenario.world.forces[FORCES[OWN]]
    days = {"from_on": timezone.localdate(), "until_on": None}
    at = timezone.now()
    return add_membership(person=person, body=body, role=role, by=None, at=at, **days).pk


def _choose(client: UserClient, role: Role, scenario: Scenario) -> None:
    assert client.user is not None
    session = client.client.session
    session[SESSION_KEY] = _add(client.user, role, scenario)
    session.save()


def _decisive_requests(scenario: Scenario) -> Iterator[tuple[UrlEndpoint, str, str]]:
    """Return the rows of the matrix in which the role or the force decides, and their paths.

    Without personal objects and account pages, which belong to a person and not to a membership.
    """
    for endpoint in all_endpoints():
        if endpoint.route.startswith(matrix.ACCOUNT):
            continue
        arguments = arguments_by_owner(endpoint, scenario, "officer")
        if arguments != arguments_by_owner(endpoint, scenario, "chief"):
            continue
        for owner in arguments.keys() & SWAPPED.keys():
            cells = [MATRIX[name][endpoint.route, owner] for name in CHOSEN]
            swapped = MATRIX["officer"].get((endpoint.route, SWAPPED[owner]))
            if swapped and len({cell["GET"] for cell in [*cells, swapped]}) > 1:
                yield endpoint, owner, endpoint.path(arguments[owner])
