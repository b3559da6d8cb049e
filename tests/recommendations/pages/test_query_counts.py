import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations import rules
from recommendations.models import Assignment
from recommendations.positions import flag_episodes
from tests.factories import AssignmentFactory, LocalPolicingBodyFactory, submit
from tests.process_caches import empty_process_caches

pytestmark = pytest.mark.django_db


PATHS = [
    *("/", "/heatmap/", "/heatmap/?flag=overdue", "/trends/"),
    *("/recommendations/", "/recommendations/3/", "/recommendations/3/latest-updates/"),
    *("/regions/south-east/", "/forces/", "/forces/kent/", "/responses/", "/responses/kent-pcc/"),
    *("/outcomes/", "/closures/", "/closures/kent/", "/test-rounds/"),
]


def test_the_number_of_queries_does_not_grow_with_the_number_of_rows(analyst_client, world):
    def query_counts() -> dict[str, int]:
        counts = {}
        for path in PATHS:
            empty_process_caches()
            with CaptureQueriesContext(connection) as queries:
                assert analyst_client.get(path).status_code == 200
            counts[path] = len(queries)
        return counts

    query_counts()  # the first requests fill caches
    few = query_counts()
    for _ in range(6):
        body = LocalPolicingBodyFactory().force
        for recommendation in world.recommendations:
            submit(AssignmentFactory(recommendation=recommendation, body=body), at=world.now)
    flag_episodes.settle(Assignment.objects.all(), on=rules.london_day(world.now))
    many = query_counts()
    # The overview looks further back for its latest changes if there are few.
    assert {path: (few[path], many[path]) for path in PATHS if many[path] > few[path]} == {}
    assert max(few.values()) <= 23
