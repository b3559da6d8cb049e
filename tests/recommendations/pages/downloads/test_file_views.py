"""Tables and charts of the pages as files: what is in them, and who gets them."""

import io
import re
from datetime import timedelta

import openpyxl
import pandas
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


def table_of(response) -> pandas.DataFrame:
    """Return the CSV file as pandas reads it without any options."""
    assert response.status_code == 200, response.status_code
    return pandas.read_csv(io.BytesIO(response.content))


@pytest.mark.parametrize(("page", "name", "query"), TABLES)
def test_every_table_can_be_downloaded_as_csv_xlsx_and_ods(analyst_client, page, name, query):
    table = table_of(analyst_client.get(f"/downloads/{page}/{name}.csv{query}"))
    assert set(table["Demonstration data"]) <= {"Yes"}
    head = list(table.columns[:-2])
    book = openpyxl.load_workbook(
        io.BytesIO(analyst_client.get(f"/downloads/{page}/{name}.xlsx{query}").content)
    )
    assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"]
    sheet = book[name.replace("-", " ").capitalize()]
    cells = [str(cell) for row in sheet.values for cell in row if cell]
    assert set(head) <= set(cells)
    assert any("Demonstration data" in cell for cell in cells)
    [excel_table] = sheet.tables.values()
    assert excel_table.ref.startswith(f"A{sheet[sheet.freeze_panes].row - 1}:")
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
    query = "?flag=overdue&text=Kent"
    response = analyst_client.get(f"/downloads/heatmap/positions.csv{query}")
    table = table_of(response)
    assert set(table["Organisation"]) == {"Kent Police"}
    address, _, relation = response.headers["Link"].partition(">; ")
    assert relation == 'rel="describedby"; type="application/csvm+json"'
    described = analyst_client.get(address[1:]).json()
    assert described["url"] == f"/downloads/heatmap/positions.csv{query}"
    assert "Filter: Flag: Overdue; Name: Kent." in described["dc:description"]
    assert "Demonstration data: all of it is made up." in described["dc:description"]
    columns = {
        column["titles"]: column["datatype"] for column in described["tableSchema"]["columns"]
    }
    assert list(columns) == list(table.columns)
    assert (columns["Number"], columns["Due"], columns["Status"]) == ("integer", "date", "string")


def test_a_table_without_rows_has_the_same_head(analyst_client):
    full, empty = (
        table_of(analyst_client.get(f"/downloads/heatmap/positions.csv?text={name}"))
        for name in ("Kent", "Atlantis")
    )
    assert list(full.columns) == list(empty.columns)
    assert len(empty) == 0


def test_an_unknown_region_is_ignored_as_on_the_page(analyst_client):
    assert len(table_of(analyst_client.get("/downloads/forces/forces.csv?region=Atlantis"))) == 5


def test_a_past_day_has_the_position_of_that_day(analyst_client, world):
    then = rules.london_day(world.now) - timedelta(days=85)
    response = analyst_client.get(f"/downloads/heatmap/heatmap.csv?as_at={then.isoformat()}")
    name = f"heatmap-{then.isoformat()}-demonstration.csv"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    table = table_of(response).set_index("Organisation")
    assert set(table["Position on"]) == {then.isoformat()}
    assert table.loc["Kent", "R1"] == "Evidence submitted"


def test_an_officer_gets_no_confidence_or_forecast_of_others(client, world):
    client.force_login(world.officer)
    address = "/downloads/recommendation/forces.csv?of=3"
    table = table_of(client.get(address)).set_index("Organisation")
    assert pandas.isna(table.loc["Surrey Police", "Confidence"])
    client.force_login(world.analyst)
    assert "Red" in set(table_of(client.get(address))["Confidence"])


@pytest.mark.parametrize("page", ["overview", "trends"])
def test_pages_without_permission_have_no_files(client, world, page):
    client.force_login(world.officer)
    name = {"overview": "figures", "trends": "flags"}[page]
    assert client.get(f"/downloads/{page}/{name}.csv").status_code == 404


def test_an_officer_gets_the_changes_of_their_own_organisation_only(client, world):
    client.force_login(world.officer)
    table = table_of(client.get("/downloads/changes/changes.csv?since=2020-01-01"))
    assert set(table["Organisation"]) == {"Kent Police"}


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
        "heatmap/nothing.csv-metadata.json",
        "force/rows.csv-metadata.json?of=atlantis",
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
