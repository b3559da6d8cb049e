import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations import rules
from recommendations.models import Assignment
from recommendations.positions import flag_episodes
from tests.factories import AssignmentFactory, ForceFactory, submit
from tests.process_caches import empty_process_caches

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    ["/", "/heatmap/", "/heatmap/?flag=overdue", "/recommendations/", "/recommendations/3/",
     "/recommendations/3/latest-updates/", "/regions/south-east/", "/forces/", "/forces/kent/",
     "/trends/"],
)  # fmt: skip
def test_the_number_of_queries_does_not_grow_with_the_number_of_rows(analyst_client, world, path):
    analyst_client.get(path)
    empty_process_caches()
    with CaptureQueriesContext(connection) as few:
        analyst_client.get(path)
    for _ in range(6):
        body = ForceFactory()
        for recommendation in world.recommendations:
            submit(AssignmentFactory(recommendation=recommendation, body=body), at=world.now)
    flag_episodes.settle(Assignment.objects.all(), on=rules.london_day(world.now))
    empty_process_caches()
    with CaptureQueriesContext(connection) as many:
        assert analyst_client.get(path).status_code == 200
    # The overview looks further back for its latest changes if there are few.
    assert len(many) <= len(few) <= 21
