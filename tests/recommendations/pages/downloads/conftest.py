import pytest
from django.test import Client

from tests.world import World, make_world


@pytest.fixture
def world(db) -> World:
    return make_world()


@pytest.fixture
def analyst_client(client, world) -> Client:
    client.force_login(world.analyst)
    return client
