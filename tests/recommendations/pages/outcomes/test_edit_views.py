"""Administrators add, correct and remove figures, one by one or from a file."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.test import Client

from forces.models import AuditEvent
from recommendations import rules
from recommendations.dashboards.outcomes.outcomes import outcomes_page
from recommendations.models import OutcomeFigure
from recommendations.positions.past_time import AsAt
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(world) -> Client:
    client = Client()
    client.force_login(world.administrator)
    return client


def figure(**changed) -> dict[str, object]:
    """What the form submits for a new figure."""
    values = {
        "indicator": "arrests",
        "scope": "United Kingdom",
        "qualifier": "about",
        "value": "1,200",
        "unit": "arrests",
        "source": "Hansard",
    }
    days = {"period_start": date(2022, 1, 1), "period_end": date(2022, 12, 31)}
    for name, on in days.items():
        values |= {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}
    return values | changed


def rows_of(client, *, kind="csv") -> bytes:
    response = client.get(f"/downloads/outcomes/figures.{kind}")
    return b"".join(response) if response.streaming else response.content


def confirm(client, preview, **fields):
    hidden = {
        name: unescape(re.search(rf'name="{name}" value="([^"]*)"', preview.text)[1])
        for name in ("rows", "shown")
    }
    return client.post("/outcomes/file/", hidden | {"action": "enter"} | fields, follow=True)


def upload(client, content: bytes, name="figures.csv"):
    return client.post("/outcomes/file/", {"file": SimpleUploadedFile(name, content)})


class TestTheForm:
    def test_a_figure_is_added_once_and_shown(self, administrator):
        for _ in range(2):
            page = administrator.post("/outcomes/add/", figure(), follow=True)
        assert "About 1,200 arrests" in text_of(page)
        assert OutcomeFigure.objects.filter(indicator="arrests").count() == 1
        page = administrator.post("/outcomes/add/", figure(value="1,300"))
        assert page.status_code == 409
        assert "There is already a figure of “Arrests”" in text_of(page)

    @pytest.mark.parametrize(
        ("changed", "error"),
        [
            ({"value": ""}, "Enter the figure"),
            ({"value": "many"}, "Enter a number"),
            ({"qualifier": "not_collected"}, "Leave the figure empty if nobody collects it"),
            ({"qualifier": "between"}, "Enter the end of the range"),
            ({"value_high": "1300"}, "Leave the end of the range empty"),
            ({"period_end_year": 2190}, "The period must be in the past"),
            ({"period_end_year": 2021}, "The period must end after it starts"),
            ({"indicator": "joy"}, "Select a valid choice"),
        ],
    )
    def test_what_is_wrong_is_not_saved(self, administrator, changed, error):
        assert error in text_of(administrator.post("/outcomes/add/", figure(**changed)))
        assert not OutcomeFigure.objects.filter(indicator="arrests").exists()

    def test_a_correction_needs_a_reason_and_keeps_what_was_known(self, administrator, world):
        old = world.inspection.outcomes.get(qualifier="between")
        path = f"/outcomes/{old.pk}/correct/"
        changed = figure(indicator="active-lines", unit="lines")
        page = administrator.post(path, changed)
        assert "Enter the reason for the correction" in text_of(page)
        text = text_of(administrator.post(path, changed | {"reason": "Misread."}, follow=True))
        assert "About 1,200 lines" in text
        assert "Was between 800 and 1,100 lines, United Kingdom" in text
        assert "Misread." in text
        page = administrator.post(path, changed | {"reason": "Again.", "value": "7"})
        assert (page.status_code, "Somebody has changed this figure" in page.text) == (409, True)
        for past in (None, AsAt(rules.london_day(world.now) - timedelta(days=1))):
            current = world.inspection.outcomes.current(before=past.before if past else None)
            rows = outcomes_page(world.inspection, past=past).rows
            assert {row.figure for row in rows} == set(current)  # of the page, and of the API
            assert len(rows) == 5
        before = rules.london_day(world.now) - timedelta(days=1)
        assert "between 800 and 1,100" in text_of(administrator.get(f"/outcomes/?as_at={before}"))

    def test_a_removed_figure_goes_from_the_page_and_stays_in_the_file(self, administrator, world):
        old = world.inspection.outcomes.get(qualifier="between")
        removal = figure() | {"is_removed": "on", "reason": "Not a figure."}
        page = administrator.post(f"/outcomes/{old.pk}/correct/", removal, follow=True)
        assert "4 published figures" in text_of(page)
        file = administrator.get("/downloads/outcomes/corrections.csv").content.decode()
        assert "Not a figure." in file

    def test_only_administrators_may(self, analyst_client, world):
        old = world.inspection.outcomes.earliest("pk")
        assert "Add a figure" not in text_of(analyst_client.get("/outcomes/"))
        for path in ("/outcomes/add/", "/outcomes/file/", f"/outcomes/{old.pk}/correct/"):
            assert analyst_client.get(path).status_code == 404
            assert analyst_client.post(path, figure()).status_code == 404


class TestTheFile:
    @pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
    def test_the_download_changes_nothing(self, administrator, kind):
        page = upload(administrator, rows_of(administrator, kind=kind), f"figures.{kind}")
        assert "New: 0, Correction: 0, Nothing new: 5, Error: 0." in text_of(page)
        assert "Save figures" not in page.text

    def test_differences_are_shown_first_and_then_saved_with_a_reason(self, administrator, world):
        content = rows_of(administrator).replace(b"5627", b"5700", 1)
        content += b"Arrests,Wales,2021-01-01,2021-12-31,,40,,Exact,arrests,,,,Hansard\n"
        before = OutcomeFigure.objects.count()
        preview = upload(administrator, content)
        text = text_of(preview)
        assert "New: 1, Correction: 1, Nothing new: 4, Error: 0." in text
        assert "Was 5,627 lines." in text
        assert OutcomeFigure.objects.count() == before
        assert "Enter the reason" in text_of(confirm(administrator, preview))
        assert "2 figures saved." in text_of(confirm(administrator, preview, reason="Revised."))
        assert OutcomeFigure.objects.get(value=5700).reason == "Revised."
        event = AuditEvent.objects.filter(act="outcomes entered").latest("position")
        assert (event.details["added"], event.details["corrected"]) == (1, 1)
        again = confirm(administrator, preview, reason="Revised.")
        assert again.status_code == 409
        assert OutcomeFigure.objects.count() == before + 2

    def test_one_wrong_row_stops_all(self, administrator):
        content = rows_of(administrator)
        content += b"Joy,Wales,2021-01-01,2021-12-31,,40,,Exact,people,,,,Hansard\n"
        content += b"Arrests,Wales,=A1,2021-12-31,,many,,Exact,people,,,,Hansard\n"
        page = upload(administrator, content)
        text = text_of(page)
        assert "Error: 2." in text
        assert "Indicator: Select a valid choice." in text
        assert "Save figures" not in text


def test_the_database_refuses_a_second_figure_for_a_period(world):
    row = world.inspection.outcomes.earliest("pk")
    row.pk, row.value = None, 9
    row.save(force_insert=True)
    with pytest.raises(IntegrityError, match="has the period of another one"):
        connection.check_constraints()
