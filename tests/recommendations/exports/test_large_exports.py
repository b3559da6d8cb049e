"""The large exports have every row that the reader may see."""

import io

import openpyxl
import pytest

from recommendations import rules
from recommendations.models import Update
from tests.recommendations.exports.downloads import finished_download, table_of

pytestmark = pytest.mark.django_db


def test_every_update_is_there_once_with_its_review(world):
    table = table_of(finished_download(world))
    assert len(table) == Update.objects.count() == 4
    assert list(table[table["Review"] == "Returned"]["Organisation"]) == ["Kent Police"]
    assert set(table["Approved by"]) == {update.signed_off_by for update in Update.objects.all()}
    assert set(table["Demonstration data"]) == {"Yes"}


def test_an_officer_gets_the_updates_of_their_own_organisation_only(world):
    table = table_of(finished_download(world, by=world.officer))
    assert list(table["Organisation"]) == ["Kent Police"] * 2


def test_the_months_have_every_position(world):
    table = table_of(finished_download(world, "months"))
    days = set(table["At the end of"])
    assert rules.london_day(world.now).isoformat() in days
    assert len(table) in (15 * len(days), 15 * (len(days) - 1))
    book = openpyxl.load_workbook(io.BytesIO(finished_download(world, "months", "xlsx").content))
    assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"]
