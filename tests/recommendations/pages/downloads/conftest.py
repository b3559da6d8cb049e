import pytest
from django.test import Client


@pytest.fixture
def analyst_client(client, world) -> Client:
    client.force_login(world.analyst)
    return client
