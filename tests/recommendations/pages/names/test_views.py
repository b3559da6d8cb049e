"""The page of the names of an organisation, and where a new name is shown."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
NEW = {
    "name": "Kent and Medway Police",
    "short_name": "Kent",
    "since_day": "1",
    "since_month": "11",
    "since_year": "2026",
}


def test_an_administrator_records_a_name_and_corrects_it(world, client, analyst_client):
    admin = Client()
    admin.force_login(world.administrator)
    assert admin.post("/forces/kent/names/", NEW).status_code == 302
    refused = admin.post("/forces/kent/names/", NEW)
    assert refused.status_code == 409
    assert "already a name from that day" in refused.content.decode()
    row = world.forces["Kent"].names.get(since__isnull=False)
    wrong = NEW | {"name": "Kent & Medway Police"}
    assert admin.post(f"/forces/kent/names/{row.pk}/", wrong).status_code == 302
    page = admin.get("/forces/kent/names/").content.decode()
    assert "Correction of Kent and Medway Police" in page
    force = admin.get("/forces/kent/").content.decode()
    assert "It was called" in force
    assert "until 31 October 2026." in force
    sentence = "has been called Kent &amp; Medway Police since 1 November 2026."
    address = "/changes/?since=2026-10-20&until=2026-11-20"
    assert sentence in analyst_client.get(address).content.decode()
    assert sentence not in analyst_client.get("/changes/?since=2026-11-02").content.decode()
    file = analyst_client.get(
        "/downloads/changes/changes.csv?since=2026-10-20&until=2026-11-20"
    ).getvalue()
    assert b"has been called" in file


def test_a_first_name_is_corrected_without_a_day(world):
    admin = Client()
    admin.force_login(world.administrator)
    path = "/forces/kent/names/0/"
    assert "First day" not in admin.get(path).content.decode()
    answers = {"name": "Kent Constabulary", "short_name": "Kent"}
    assert admin.post(path, answers).status_code == 302
    assert admin.get(path).status_code == 404  # it has a row now
    page = admin.get("/forces/kent/names/").content.decode()
    assert "Correction of" in page
    assert "Kent Constabulary" in admin.get("/forces/kent/?as_at=2026-06-01").content.decode()
