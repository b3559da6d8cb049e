import pytest

from recommendations.emails.digests.week import Week
from recommendations.rules import london_day


@pytest.fixture
def week(world) -> Week:
    return Week.of(london_day(world.now))


@pytest.fixture
def administrator(client, world):
    """A browser in which an administrator is signed in."""
    client.force_login(world.administrator)
    return client
