"""A figure is quoted, checked under its reference, and corrected or altered afterwards."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from recommendations.models import Quote
from recommendations.positions import figures
from recommendations.positions.figures import FIGURES
from recommendations.positions.national import count, load
from recommendations.positions.past_time import AsAt
from recommendations.rules import london_day
from tests.database import as_superuser
from tests.factories import submit
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db


def quote(client, figure: str = "implemented", **fields: str) -> Quote:
    response = client.post(reverse("quote_add"), {"figure": figure, **fields})
    assert response.status_code == 302
    return Quote.objects.get(reference=response.url.rstrip("/").rpartition("/")[2])


def page_of(client, found: Quote) -> str:
    return text_of(client.get(reverse("quote", args=[found.reference])))


def test_a_figure_is_quoted_once_and_shown_with_the_rows_that_it_counts(analyst_client, world):
    found = quote(analyst_client)
    assert quote(analyst_client) == found
    national = load(world.inspection, AsAt.of(found.quoted_at), today=london_day(found.quoted_at))
    counted = count(national.force_positions)
    assert (found.count, found.total) == (counted.implemented, counted.total)
    assert f"forces had implemented {counted.implemented} of the {counted.total}" in found.sentence
    page = page_of(analyst_client, found)
    assert found.sentence in page
    assert "The register still has the same figure" in page
    assert "The audit trail is intact" in page
    assert page.count("Implemented") >= counted.implemented
    lower = reverse("quote", args=[found.reference.lower()])
    assert found.sentence in text_of(analyst_client.get(lower))


def test_a_later_update_does_not_change_what_was_quoted(analyst_client, world):
    found = quote(analyst_client, "not-started", recommendation="3")
    submit(world.assignment("Surrey", 3), at=found.quoted_at + timedelta(minutes=1))
    assert "The register still has the same figure" in page_of(analyst_client, found)
    late = found.quoted_at - timedelta(minutes=1)
    submit(world.assignment("Norfolk", 3), at=late)  # recorded now, for a time before the quote
    page = page_of(analyst_client, found)
    assert "The register now has another figure for the same time" in page


def test_an_altered_quote_and_trail_are_named(analyst_client, world):
    found = quote(analyst_client)
    as_superuser("UPDATE recommendations_quote SET count = 0")
    page = page_of(analyst_client, found)
    assert "The audit trail is not intact" in page
    assert "another figure for the same time" in page


def test_every_figure_has_an_answer_for_all_and_those_of_one_recommendation(analyst_client, world):
    page = text_of(analyst_client.get(reverse("quotes")))
    for figure in FIGURES.values():
        assert figure.question in page
    page = text_of(analyst_client.get(f"{reverse('quotes')}?recommendation=2"))
    for figure in FIGURES.values():
        assert (figure.question in page) == bool(figure.says_of_one)


@pytest.mark.parametrize(
    "fields",
    [
        {"figure": "wages"},
        {"figure": "overdue", "recommendation": "99"},
        {"figure": "overdue", "recommendation": "5\x00"},
        {},
    ],
)
def test_an_unknown_figure_or_recommendation_is_not_found(analyst_client, world, fields):
    assert analyst_client.post(reverse("quote_add"), fields).status_code == 404


def test_forces_are_counted_once(world):
    now = AsAt.of(world.now)
    national = load(world.inspection, now, today=now.on)
    twice = replace(national, positions=[*national.positions, *national.positions])
    value = figures.value_of(FIGURES["forces-overdue"], twice, at=world.now)
    overdue = {p.body_id for p in national.force_positions if p.is_overdue}
    assert value.count == len(overdue) < len(value.positions)
    assert value.sentence.endswith(
        f"{len(overdue)} of {value.total} forces had at least one overdue recommendation."
    )
