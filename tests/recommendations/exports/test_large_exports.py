"""The large exports have every row that the reader may see."""

import io

import openpyxl
import pytest

from recommendations import rules
from recommendations.models import Update
from tests.recommendations.exports.downloads import finished_download, lines_of

pytestmark = pytest.mark.django_db


def test_every_update_is_there_once_with_its_review(world):
    lines = lines_of(finished_download(world))
    head, rows = lines[5], lines[6:]
    assert len(rows) == Update.objects.count() == 4
    returned = next(row for row in rows if row[head.index("Review")] == "Returned")
    assert returned[0].startswith("Kent")
    assert lines[4] == ["Demonstration data: all of it is made up."]


def test_an_officer_gets_the_updates_of_their_own_organisation_only(world):
    rows = lines_of(finished_download(world, by=world.officer))[6:]
    assert len(rows) == 2
    assert all(row[0].startswith("Kent") for row in rows)


def test_the_months_have_every_position(world):
    lines = lines_of(finished_download(world, "months"))
    days = {row[0] for row in lines[6:]}
    assert rules.london_day(world.now).isoformat() in days
    assert len(lines[6:]) == 15 * len(days) or len(lines[6:]) == 15 * (len(days) - 1)
    book = openpyxl.load_workbook(io.BytesIO(finished_download(world, "months", "xlsx").content))
    assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"]
