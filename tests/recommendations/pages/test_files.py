"""Tables and drawings as files: what is in them, who gets them, and that they do no harm."""

import csv
import io
import zipfile
from datetime import date, timedelta

import openpyxl
import pytest
from defusedxml import ElementTree
from django.urls import reverse
from odf.opendocument import load as load_ods
from odf.table import Table as Sheet
from PIL import Image

from forces.models import AuditEvent
from recommendations import rules
from recommendations.charts.table import Table
from recommendations.exports.export import Offer
from recommendations.exports.open_document import open_document
from recommendations.exports.workbook import workbook
from tests.world import World, make_world

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
    ("force", "beside", "?of=kent"),
    ("force", "burn-up", "?of=kent"),
    ("region", "positions", "?of=south-east"),
    ("region", "beside", "?of=south-east"),
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


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def reading(client, world):
    client.force_login(world.analyst)
    return client


def rows_of(answer) -> list[list[str]]:
    assert answer.status_code == 200, answer.status_code
    return list(csv.reader(io.StringIO(answer.content.decode().lstrip("\ufeff"))))


@pytest.mark.parametrize(("page", "name", "query"), TABLES)
def test_every_table_is_offered_in_three_kinds(reading, page, name, query):
    lines = rows_of(reading.get(f"/downloads/{page}/{name}.csv{query}"))
    told = [line[0] for line in lines[:5]]
    assert told[2].startswith("Position at")
    assert told[3].startswith("Filter: ")
    assert told[4] == "Demonstration data: all of it is made up."
    head = lines[5]
    book = openpyxl.load_workbook(
        io.BytesIO(reading.get(f"/downloads/{page}/{name}.xlsx{query}").content)
    )
    assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"]
    cells = [str(cell) for row in book[book.sheetnames[3]].values for cell in row if cell]
    assert set(head) <= set(cells)
    assert any("Demonstration data" in cell for cell in cells)
    sheets = load_ods(
        io.BytesIO(reading.get(f"/downloads/{page}/{name}.ods{query}").content)
    ).getElementsByType(Sheet)
    assert [sheet.getAttribute("name") for sheet in sheets][:3] == ["Cover", "Contents", "Notes"]


@pytest.mark.parametrize(("page", "name", "query"), DRAWINGS)
def test_every_drawing_is_a_file_of_its_own(reading, page, name, query):
    text = reading.get(f"/downloads/{page}/{name}.svg{query}").content.decode()
    ElementTree.fromstring(text)
    assert "var(--" not in text
    assert "href=" not in text
    assert "Position at" in text
    assert "Demonstration data: all of it is made up." in text
    answer = reading.get(f"/downloads/{page}/{name}.png{query}")
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.width == 1920
    assert len(picture.convert("RGB").getcolors(1_000_000)) > 3


def test_the_page_links_to_files_that_are_there(reading):
    pages = ["overview", "heatmap", "trends", "forces", "recommendations", "changes"]
    addresses = [reverse(name) for name in pages]
    addresses += ["/recommendations/2/", "/forces/kent/", "/regions/south-east/", "/rocus/eastern/"]
    addresses += ["/heatmap/?flag=overdue&region=South+East", "/?as_at=2026-10-01"]
    for address in addresses:
        text = reading.get(address).content.decode()
        links = {
            part.split('"', 1)[0].replace("&amp;", "&")
            for part in text.split('href="')[1:]
            if part.startswith("/downloads/")
        }
        assert links, address
        for link in links:
            assert reading.get(link).status_code == 200, link


def test_the_same_filter_gives_the_same_rows(reading):
    lines = rows_of(reading.get("/downloads/heatmap/positions.csv?flag=overdue&text=Kent"))
    assert lines[3] == ["Filter: Flag: Overdue; Name: Kent"]
    assert {line[0] for line in lines[6:]} == {"Kent Police"} or len(lines) == 9


def test_a_region_that_is_none_is_left_out_as_on_the_page(reading):
    lines = rows_of(reading.get("/downloads/forces/forces.csv?region=Atlantis"))
    assert lines[3] == ["Filter: none"]
    assert len(lines) == 6 + 5


def test_a_past_day_is_as_it_was(reading, world):
    then = rules.london_day(world.now) - timedelta(days=85)
    lines = rows_of(reading.get(f"/downloads/heatmap/heatmap.csv?as_at={then.isoformat()}"))
    assert "at the end of" in lines[2][0]
    kent = next(line for line in lines if line[0] == "Kent")
    assert kent[1].startswith("evidence submitted")


def test_an_officer_gets_no_confidence_or_forecast_of_others(client, world):
    client.force_login(world.officer)
    lines = rows_of(client.get("/downloads/recommendation/forces.csv?of=3"))
    place = lines[5].index("Confidence")
    told = {line[0]: line[place] for line in lines[6:]}
    assert not any(told[name] for name in told if "Surrey" in name)
    client.force_login(world.analyst)
    lines = rows_of(client.get("/downloads/recommendation/forces.csv?of=3"))
    assert any(line[place] == "Red" for line in lines[6:])


@pytest.mark.parametrize("page", ["overview", "trends"])
def test_what_a_person_may_not_see_is_no_file(client, world, page):
    client.force_login(world.officer)
    name = {"overview": "figures", "trends": "flags"}[page]
    assert client.get(f"/downloads/{page}/{name}.csv").status_code == 404


def test_changes_of_the_own_body_only(client, world):
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
        "region/beside.csv?of=%00",
    ],
)
def test_what_is_not_there_is_not_found(reading, path):
    assert reading.get(f"/downloads/{path}").status_code == 404


def test_a_download_is_audited_and_a_head_request_is_not(reading):
    before = AuditEvent.objects.count()
    reading.head("/downloads/forces/forces.csv")
    assert AuditEvent.objects.count() == before
    reading.get("/downloads/forces/forces.csv?region=South+East")
    event = AuditEvent.objects.order_by("-position").first()
    assert event.act == "file downloaded"


HOSTILE = [
    '=HYPERLINK("http://evil")',
    "+1",
    "@SUM(A1)",
    "-2+3",
    "a $$note9$$ b",
    "[x](http://evil)",
    "http://evil.example",
    "tab\x0bbell\x07",
    "line\nbreak",
    "<&>",
    "---",
    "   ",
    "[z]",
]


def test_texts_of_people_do_no_harm_in_any_workbook(world):
    table = Table(
        name="words",
        title="Words",
        head=["Text", "On", "Number"],
        rows=[[text, date(2026, 11, 1), -3] for text in HOSTILE],
    )
    offer = Offer(
        name="words",
        title="=Words",
        inspection=world.inspection,
        position="Position",
        filter="",
        tables=[table],
    )
    book = openpyxl.load_workbook(io.BytesIO(workbook(offer, [table])))
    sheet = book[book.sheetnames[3]]
    assert not [cell for row in sheet for cell in row if cell.data_type == "f"]
    cells = [cell.value for row in sheet for cell in row]
    assert '\'=HYPERLINK("http://evil")' in cells
    assert -3 in cells
    assert (
        "<f>"
        not in zipfile.ZipFile(io.BytesIO(workbook(offer, [table])))
        .read("xl/worksheets/sheet4.xml")
        .decode()
    )
    content = zipfile.ZipFile(io.BytesIO(open_document(offer, [table]))).read("content.xml")
    assert b"table:formula" not in content
    assert b'office:date-value="2026-11-01"' in content


def test_a_table_without_rows_says_so(world):
    table = Table(name="none", title="None", head=["A", "B"], rows=[])
    offer = Offer(
        name="none",
        title="None",
        inspection=world.inspection,
        position="",
        filter="",
        tables=[table],
    )
    book = openpyxl.load_workbook(io.BytesIO(workbook(offer, [table])))
    values = [value for row in book[book.sheetnames[3]].values for value in row]
    assert "There are no rows." in values
    assert b"There are no rows." in zipfile.ZipFile(io.BytesIO(open_document(offer, [table]))).read(
        "content.xml"
    )
