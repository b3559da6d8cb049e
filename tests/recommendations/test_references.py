"""A part of a recommendation is shown, filtered, exported and imported by its reference."""

import csv

import pytest
from django.test import Client

from recommendations.models import Assignment, Recommendation
from recommendations.references import is_reference, reference_cell, reference_key
from tests.factories import AssignmentFactory, RecommendationFactory
from tests.recommendations.api.conftest import token_of
from tests.recommendations.imports.files import as_csv, row
from tests.recommendations.pages.imports.test_views import upload
from tests.recommendations.pages.pages import text_of


def test_references_sort_by_number_and_part():
    assert sorted(["10", "5b", "5", "5a"], key=reference_key) == ["5", "5a", "5b", "10"]
    assert [reference_cell("5"), reference_cell("5a")] == [5, "5a"]


@pytest.mark.parametrize("text", ["", "0", "05", "a", "5A", "5ab", "1000", "5\n", "\u0665"])
def test_other_texts_are_no_references(text):
    assert not is_reference(text)


@pytest.fixture
def part(world) -> Recommendation:
    """Recommendation 5a; Kent and Essex also have 10 and 5b."""
    rows = {}
    for number, part in ((10, ""), (5, "b"), (5, "a")):
        rows[part] = RecommendationFactory(
            inspection=world.inspection, number=number, part=part, title=f"Title {number}{part}"
        )
        for name in ("Kent", "Essex"):
            AssignmentFactory(recommendation=rows[part], body=world.forces[name])
    return rows["a"]


def test_the_database_generates_the_reference(part):
    assert part.reference == "5a"
    assert Recommendation.objects.get(reference="5a") == part


@pytest.mark.parametrize(
    "address",
    [
        *("/recommendations/5a/", "/recommendations/5a/latest-updates/", "/forces/kent/5a/"),
        *("/forces/kent/5a/questions/", "/forces/kent/5a/due-date/", "/heatmap/", "/forces/kent/"),
        *("/recommendations/", "/changes/?recommendation=5a", "/audit/?recommendation=5a"),
        *("/search/?q=kent+5A", "/reviews/?recommendation=5a", "/trends/", "/deadlines/"),
        *("/deadlines/move/?body=kent&recommendation=5a", "/api/"),
    ],
)
def test_pages_know_a_part(analyst_client, part, address):
    page = analyst_client.get(address)
    assert page.status_code == 200
    if "5" in address and "reviews" not in address:
        assert "5a" in text_of(page)


def test_lists_are_in_the_order_of_the_numbers(analyst_client, part):
    text = text_of(analyst_client.get("/forces/kent/"))
    places = [text.index(f'href="/forces/kent/{reference}/"') for reference in ("5a", "5b", "10")]
    assert places == sorted(places)
    rows = Assignment.objects.filter(body__slug="kent", recommendation__number__gte=5)
    assert [row.recommendation.reference for row in rows] == ["5a", "5b", "10"]


def test_files_and_imports_know_a_part(analyst_client, part):
    file = analyst_client.get("/downloads/recommendation/forces.csv?of=5a")
    cells = csv.DictReader(file.getvalue().decode("utf-8-sig").splitlines())
    assert {line["Number"] for line in cells} == {"5a"}
    page = upload(analyst_client, as_csv(row(number="R5a"), row(number="5")))
    text = text_of(page)
    assert "Kent has no recommendation 5. Its parts are 5a, 5b" in text


def test_the_api_filters_by_a_part(world, part):
    headers = {"Authorization": f"Bearer {token_of(world.analyst)}"}
    found = Client().get("/api/v1/assignments", {"recommendation": "5A"}, headers=headers).json()
    assert {(item["recommendation"], item["reference"]) for item in found["items"]} == {(5, "5a")}
