"""Reads with SQL give what querysets give."""

import pytest
from django.utils import timezone

from forces.rows import first_row, rows, tuples
from recommendations.actions.drafts import open_draft
from recommendations.models import Assignment, Draft
from tests.factories import AssignmentFactory, OfficerFactory

pytestmark = pytest.mark.django_db


def values(instance):
    fields = instance._meta.concrete_fields
    return {field.attname: getattr(instance, field.attname) for field in fields}


def test_rows_are_those_of_a_queryset_with_their_related_rows(django_assert_num_queries):
    expected = [AssignmentFactory() for _ in range(2)]
    related = ("recommendation", "recommendation.inspection", "body")
    with django_assert_num_queries(1):
        found = rows(
            Assignment,
            "own.id = ANY(%s) ORDER BY own.id",
            [a.pk for a in expected],
            related=related,
        )
        pairs = [(row.body, row.recommendation.inspection) for row in found]
    stored = Assignment.objects.select_related("body", "recommendation__inspection").order_by("pk")
    assert list(map(values, found)) == list(map(values, stored))
    assert [tuple(map(values, pair)) for pair in pairs] == [
        (values(row.body), values(row.recommendation.inspection)) for row in stored
    ]


def test_a_row_can_be_saved():
    pk = AssignmentFactory().pk
    row = first_row(Assignment, "id = %s", pk)
    assert row is not None
    assert not row._state.adding
    row.is_lead = not row.is_lead
    row.save()
    assert Assignment.objects.get().is_lead == row.is_lead


def test_json_is_converted():
    assignment = AssignmentFactory()
    officer = OfficerFactory(body=assignment.body)
    open_draft(assignment=assignment, by=officer, at=timezone.now())
    Draft.objects.update(field_versions={"account": 2})
    draft = first_row(Draft, "version >= %s", 0)
    assert draft is not None
    assert draft.field_versions == {"account": 2}


def test_no_row_is_none():
    assert first_row(Draft, "own.id = %s", 0) is None
    assert tuples("SELECT 1 WHERE %s", False) == []
