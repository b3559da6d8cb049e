"""Closed lines: who reports and sees them, and what is left out of the national figures."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from forces.refusal import Refusal
from recommendations import rules
from recommendations.dashboards.closures.published import MARKING
from recommendations.models import Closure
from tests.factories import OfficerFactory, add_closures
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db
FULL = {"closed": 43, "checked_7": 42, "reopened_7": 12}


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def reported(world):
    """Three forces have reported 43 lines each, two months ago."""
    at = world.now - timedelta(days=40)
    for name in ("Kent", "Essex", "Surrey"):
        add_closures(world.inspection, world.forces[name], by=world.officer, at=at, **FULL)
    return world


def path_of(world, *, months_ago: int = 2) -> str:
    month = rules.london_day(world.now).replace(day=1)
    for _ in range(months_ago):
        month = (month - timedelta(days=1)).replace(day=1)
    return f"/closures/kent/{month:%Y-%m}/"


def typed(**changed) -> dict[str, object]:
    seen = {f"{kind}_{order}_seen": 0 for kind in Closure.Kind for order in ("order", "none")}
    return {**seen, "type_1_order_closed": 9, "reason": "", **changed}


class TestTheNationalPage:
    def test_it_shows_rounded_counts_with_the_marking(self, analyst_client, reported):
        text = text_of(analyst_client.get("/closures/"))
        assert MARKING in text
        assert "72% (63% to 79%)" in text  # 90 of 125: the counts are rounded first
        assert ">129<" not in text
        file = analyst_client.get("/downloads/closures/closures.csv").content.decode()
        drawing = analyst_client.get("/downloads/closures/survival-all.svg").content.decode()
        assert MARKING in drawing
        assert f"All,130,125,35,0.72,0.632,0.79,{',' * 10}{MARKING}" in file

    def test_a_report_of_this_month_counts_from_the_next_one(self, analyst_client, reported):
        before = text_of(analyst_client.get("/closures/"))
        norfolk = reported.forces["Norfolk"]
        add_closures(reported.inspection, norfolk, by=reported.officer, at=reported.now, **FULL)
        after = text_of(analyst_client.get("/closures/"))
        assert ("72% (63% to 79%)" in before, "72% (63% to 79%)" in after) == (True, True)

    def test_figures_of_two_forces_are_not_shown(self, analyst_client, world):
        at = world.now - timedelta(days=40)
        for name in ("Kent", "Essex"):
            add_closures(world.inspection, world.forces[name], by=world.officer, at=at, **FULL)
        assert "72%" not in text_of(analyst_client.get("/closures/"))


class TestAForce:
    def test_only_its_people_and_analysts_see_its_figures(self, reported):
        essex = OfficerFactory(body=reported.forces["Essex"])
        seen = {
            person.name: client_of(person).get("/closures/kent/").status_code
            for person in (reported.officer, reported.analyst)
        }
        assert set(seen.values()) == {200}
        for person in (essex, reported.observer, reported.administrator):
            client = client_of(person)
            assert client.get("/closures/kent/").status_code == 404
            assert client.post(path_of(reported), typed()).status_code == 404
            assert client.get("/downloads/closures/by-force.csv").status_code == 404
            assert "Exact figures" not in client.get("/closures/").text
        file = client_of(reported.analyst).get("/downloads/closures/by-force.csv")
        assert f"43,42,12,,,,,{MARKING}" in file.content.decode()

    def test_a_month_is_reported_and_a_correction_needs_a_reason(self, reported):
        client, path = client_of(reported.officer), path_of(reported)
        page = client.post(path, typed(), follow=True)
        assert "Type 1, with an order" in text_of(page)
        changed = typed(type_1_order_closed=8, type_1_order_seen=1)
        assert "Select the reason" in text_of(client.post(path, changed))
        page = client.post(path, changed | {"reason": "mistyped"}, follow=True)
        assert "A count was mistyped" in text_of(page)
        assert client.post(path, typed(type_1_order_closed=7)).status_code == 200  # no reason
        stale = client.post(path, typed(type_1_order_closed=7, reason="late"))
        assert (stale.status_code, "Somebody has reported" in stale.text) == (409, True)

    @pytest.mark.parametrize(
        ("changed", "error"),
        [
            ({"type_1_order_closed": "two"}, "must be a whole number"),
            ({"type_1_order_checked_7": 10, "type_1_order_reopened_7": 1}, "must be among those"),
            ({"type_1_order_checked_7": 9}, "Lines reopened within 7 days must be among those"),
            (
                {"type_1_order_checked_28": 9, "type_1_order_reopened_28": 1},
                "must be among those that were checked after 7 days",
            ),
            ({"type_1_order_checked_90": 9, "type_1_order_reopened_90": 1}, "is not due yet"),
            ({"type_2_none_checked_7": 1, "type_2_none_reopened_7": 1}, "Enter how many lines"),
        ],
    )
    def test_what_does_not_fit_is_not_saved(self, reported, changed, error):
        page = client_of(reported.officer).post(path_of(reported), typed(**changed))
        assert error in text_of(page)
        assert Closure.objects.count() == 3

    def test_there_is_no_field_for_text(self, reported):
        page = client_of(reported.officer).get(path_of(reported)).text
        assert "<textarea" not in page
        assert page.count('inputmode="numeric"') == 28

    def test_other_months_do_not_exist(self, reported):
        client = client_of(reported.officer)
        for month in ("2019-01", "2190-01", "2026-13", "today"):
            assert client.get(f"/closures/kent/{month}/").status_code == 404


def test_a_national_organisation_reports_nothing(world):
    add_closures(world.inspection, world.lead, by=world.lead_officer, at=world.now)
    with pytest.raises(IntegrityError, match="is not of a force"):
        connection.check_constraints()


def test_counts_that_were_seen_before_a_change_are_refused(reported):
    kent = reported.forces["Kent"]
    with pytest.raises(Refusal, match="Somebody has reported"):
        add_closures(reported.inspection, kent, by=reported.officer, at=reported.now, closed=50)
