from datetime import UTC, date, datetime

import pytest
from django.db import connection

from recommendations.models import Assignment
from recommendations.positions import positions
from recommendations.rules import Status
from tests.factories import AssignmentFactory


@pytest.mark.django_db
def test_a_stored_position_that_differs_from_the_history_is_found():
    correct, wrong = AssignmentFactory(), AssignmentFactory()
    Assignment.objects.filter(pk=wrong.pk).update(status=Status.IMPLEMENTED)
    assert positions.mismatched_ids() == [wrong.pk]
    positions.refresh([correct.pk, wrong.pk])
    assert positions.mismatched_ids() == []


@pytest.mark.django_db
def test_days_are_london_days_whatever_the_time_zone_of_the_database():
    assignment = AssignmentFactory(assigned_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    with connection.cursor() as cursor:
        cursor.execute("SET timezone TO 'Pacific/Auckland'")
        inspection = assignment.recommendation.inspection
        assert positions.as_at(inspection, on=date(2026, 6, 30)) == []
        assert len(positions.as_at(inspection, on=date(2026, 7, 1))) == 1
        cursor.execute("SET timezone TO DEFAULT")
