"""Queries of the national and the register pages do not grow with the rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import AssignmentFactory, ForceFactory
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def reading(client, world):
    client.force_login(world.analyst)
    return client


@pytest.mark.parametrize(
    "path",
    ["/", "/heatmap/", "/heatmap/?flag=overdue", "/recommendations/", "/recommendations/1/",
     "/forces/", "/forces/kent/"],
)  # fmt: skip
def test_more_rows_need_no_more_queries(reading, world, path):
    reading.get(path)
    with CaptureQueriesContext(connection) as few:
        reading.get(path)
    for _ in range(6):
        body = ForceFactory()
        for recommendation in world.recommendations:
            AssignmentFactory(recommendation=recommendation, body=body)
    with CaptureQueriesContext(connection) as many:
        assert reading.get(path).status_code == 200
    assert len(many) == len(few) <= 16
