"""Tables and charts of the pages as files: what is in them, and who gets them."""

import csv
import io
import re
from datetime import timedelta

import openpyxl
import pytest
from defusedxml import ElementTree
from django.urls import reverse
from odf.opendocument import load as load_ods
from odf.table import Table as Sheet
from PIL import Image

from forces.models import AuditEvent
from recommendations import rules

pytestmark = pytest.mark.django_db
TABLES = [
    ("overview", "figures", ""),
    ("overview", "burn-up", ""),
    ("overview", "ages", ""),
    ("overview", "tile-map", ""),
    ("heatmap", "heatmap", ""),
    ("heatmap", "positions", "?flag=overdue"),
    ("recommendations", "recommendations", ""),
    ("recommendation", "forces", "?of=2"),
    ("recommendation", "burn-up", "?of=2"),
    ("recommendation", "causes", "?of=2"),
    ("forces", "forces", ""),
    ("force", "rows", "?of=kent"),
    ("force", "comparison", "?of=kent"),
    ("force", "burn-up", "?of=kent"),
    ("region", "positions", "?of=south-east"),
    ("region", "comparison", "?of=south-east"),
    ("rocu", "tile-map", "?of=eastern"),
    ("trends", "flags", ""),
    ("trends", "forecasts", ""),
    ("trends", "burn-up-by-recommendation", ""),
    ("trends", "reviews", ""),
    ("trends", "confidence", ""),
    ("changes", "changes", "?since=2020-01-01"),
]
DRAWINGS = [
    ("overview", "burn-up", ""),
    ("overview", "ages", ""),
    ("overview", "tile-map", ""),
    ("forces", "tile-map", ""),
    ("force", "burn-up", "?of=kent"),
    ("trends", "flags", ""),
    ("trends", "reviews", ""),
    ("trends", "confidence", ""),
    ("trends", "burn-up-1", ""),
    ("trends", "forecasts-3", ""),
]


SMALL_FILES = {"xlsx": ".csv", "ods": ".csv", "png": ".svg"}
LARGE_FILE = re.compile(r"(?<!/all)\.(xlsx|ods|png)(?=\?|$)")


def rows_of(response) -> list[list[str]]:
    assert response.status_code == 200, response.status_code
    return list(csv.reader(io.StringIO(response.content.decode().lstrip("\ufeff"))))


@pytest.mark.parametrize(("page", "name", "query"), TABLES)
def test_every_table_can_be_downloaded_as_csv_xlsx_and_ods(analyst_client, page, name, query):
    lines = rows_of(analyst_client.get(f"/downloads/{page}/{name}.csv{query}"))
    about = [line[0] for line in lines[:5]]
    assert about[2].startswith("Position at")
    assert about[3].startswith("Filter: ")
    assert about[4] == "Demonstration data: all of it is made up."
    head = lines[5]
    book = openpyxl.load_workbook(
        io.BytesIO(analyst_client.get(f"/downloads/{page}/{name}.xlsx{query}").content)
    )
    assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"]
    cells = [str(cell) for row in book[book.sheetnames[3]].values for cell in row if cell]
    assert set(head) <= set(cells)
    assert any("Demonstration data" in cell for cell in cells)
    sheets = load_ods(
        io.BytesIO(analyst_client.get(f"/downloads/{page}/{name}.ods{query}").content)
    ).getElementsByType(Sheet)
    assert [sheet.getAttribute("name") for sheet in sheets][:3] == ["Cover", "Contents", "Notes"]


@pytest.mark.parametrize(("page", "name", "query"), DRAWINGS)
def test_every_chart_can_be_downloaded_as_svg_and_png(analyst_client, page, name, query):
    text = analyst_client.get(f"/downloads/{page}/{name}.svg{query}").content.decode()
    ElementTree.fromstring(text)
    assert "var(--" not in text
    assert "href=" not in text
    assert "Position at" in text
    assert "Demonstration data: all of it is made up." in text
    response = analyst_client.get(f"/downloads/{page}/{name}.png{query}")
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    picture = Image.open(io.BytesIO(response.content))
    assert picture.width == 1920
    assert len(picture.convert("RGB").getcolors(1_000_000)) > 3


def test_the_download_links_of_each_page_work(analyst_client):
    pages = ["overview", "heatmap", "trends", "forces", "recommendations", "changes"]
    addresses = [reverse(name) for name in pages]
    addresses += ["/recommendations/2/", "/forces/kent/", "/regions/south-east/", "/rocus/eastern/"]
    addresses += ["/heatmap/?flag=overdue&region=South+East", "/?as_at=2026-10-01"]
    for address in addresses:
        text = analyst_client.get(address).content.decode()
        links = {
            part.split('"', 1)[0].replace("&amp;", "&")
            for part in text.split('href="')[1:]
            if part.startswith("/downloads/")
        }
        assert links, address
        # The other file types of a table or chart are rendered from the same content.
        for link in {LARGE_FILE.sub(lambda match: SMALL_FILES[match[1]], link) for link in links}:
            assert analyst_client.get(link).status_code == 200, link


def test_the_same_filter_gives_the_same_rows(analyst_client):
    lines = rows_of(analyst_client.get("/downloads/heatmap/positions.csv?flag=overdue&text=Kent"))
    assert lines[3] == ["Filter: Flag: Overdue; Name: Kent"]
    assert {line[0] for line in lines[6:]} == {"Kent Police"} or len(lines) == 9


def test_an_unknown_region_is_ignored_as_on_the_page(analyst_client):
    lines = rows_of(analyst_client.get("/downloads/forces/forces.csv?region=Atlantis"))
    assert lines[3] == ["Filter: none"]
    assert len(lines) == 6 + 5


def test_a_past_day_has_the_position_of_that_day(analyst_client, world):
    then = rules.london_day(world.now) - timedelta(days=85)
    lines = rows_of(analyst_client.get(f"/downloads/heatmap/heatmap.csv?as_at={then.isoformat()}"))
    assert "at the end of" in lines[2][0]
    kent = next(line for line in lines if line[0] == "Kent")
    assert kent[1].startswith("evidence submitted")


def test_an_officer_gets_no_confidence_or_forecast_of_others(client, world):
    client.force_login(world.officer)
    lines = rows_of(client.get("/downloads/recommendation/forces.csv?of=3"))
    place = lines[5].index("Confidence")
    confidence = {line[0]: line[place] for line in lines[6:]}
    assert not any(confidence[name] for name in confidence if "Surrey" in name)
    client.force_login(world.analyst)
    lines = rows_of(client.get("/downloads/recommendation/forces.csv?of=3"))
    assert any(line[place] == "Red" for line in lines[6:])


@pytest.mark.parametrize("page", ["overview", "trends"])
def test_pages_without_permission_have_no_files(client, world, page):
    client.force_login(world.officer)
    name = {"overview": "figures", "trends": "flags"}[page]
    assert client.get(f"/downloads/{page}/{name}.csv").status_code == 404


def test_an_officer_gets_the_changes_of_their_own_organisation_only(client, world):
    client.force_login(world.officer)
    lines = rows_of(client.get("/downloads/changes/changes.csv?since=2020-01-01"))
    assert lines[6:]
    assert all("Kent" in line[1] + line[2] for line in lines[6:])


@pytest.mark.parametrize(
    "path",
    [
        "nothing/all.xlsx",
        "heatmap/nothing.csv",
        "heatmap/heatmap.exe",
        "heatmap/heatmap.svg",
        "heatmap/all.csv",
        "recommendation/forces.csv",
        "recommendation/forces.csv?of=99",
        "force/rows.csv?of=atlantis",
        "region/comparison.csv?of=%00",
    ],
)
def test_unknown_files_are_not_found(analyst_client, path):
    assert analyst_client.get(f"/downloads/{path}").status_code == 404


def test_a_download_is_audited_and_a_head_request_is_not(analyst_client):
    before = AuditEvent.objects.count()
    analyst_client.head("/downloads/forces/forces.csv")
    assert AuditEvent.objects.count() == before
    analyst_client.get("/downloads/forces/forces.csv?region=South+East")
    event = AuditEvent.objects.order_by("-position").first()
    assert event.act == "file downloaded"
