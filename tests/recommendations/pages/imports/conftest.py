import pytest

from tests.recommendations.imports.conftest import analyst, assignment

__all__ = ["analyst", "assignment"]


@pytest.fixture
def analyst_client(client, analyst):
    """A client that is signed in as the analyst."""
    client.force_login(analyst)
    return client
