"""From the seed to the national figure, on the pages; and what other readers see."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from recommendations.models import AssuranceRound
from recommendations.positions.national import load
from recommendations.rules import london_day
from tests.factories import UserFactory, add_test_round, record_outcome
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db
SEED = {"seed": "04 11 23", "seed_source": "The lottery of 28 November", "size": 40}


@pytest.fixture
def tester_client(world):
    client = Client()
    client.force_login(UserFactory(name="Tes Ter"))
    return client


def test_a_round_from_the_seed_to_the_national_figure(analyst_client, tester_client, world):
    assert "No claim has been tested" in text_of(analyst_client.get("/test-rounds/"))
    assert analyst_client.post("/test-rounds/add/", SEED).url == "/test-rounds/1/"
    page = text_of(analyst_client.get("/test-rounds/1/"))
    assert "04 11 23" in page
    assert "Draw the claims" in page
    assert analyst_client.post("/test-rounds/1/draw/").status_code == 302
    page = text_of(tester_client.get("/test-rounds/1/"))
    assert "1 of 1 accepted claims" in page
    assert "The seed draws the same claims from the history again" in page
    assert "Kent, R1" in text_of(tester_client.get("/test-rounds/"))
    assert "Tes Ter" in text_of(tester_client.get("/test-rounds/1/1/"))
    result = {"outcome": "not_held", "reason": "", "seen": 0}
    assert "Enter the reason" in text_of(tester_client.post("/test-rounds/1/1/", result))
    result["reason"] = "The file is of another force."
    assert tester_client.post("/test-rounds/1/1/", result).status_code == 302
    assert tester_client.post("/test-rounds/1/1/", result).status_code == 409
    assert "return the claim" in text_of(tester_client.get("/test-rounds/1/1/"))
    page = text_of(analyst_client.get("/test-rounds/"))
    assert "Of 1 tested, 0 held (between 0% and 79%)." in page
    assert "Tested and did not hold" in text_of(analyst_client.get("/forces/kent/1/"))
    file = analyst_client.get("/downloads/heatmap/positions.csv").content.decode()
    assert file.count("Tested and did not hold") == 1
    quotes = text_of(analyst_client.get(reverse("quotes")))
    assert "of 1 accepted claims that were tested, 0 held" in quotes
    past = f"?as_at={london_day(world.now) - timedelta(days=1)}"
    assert "No claim has been tested" in text_of(analyst_client.get(f"/test-rounds/{past}"))


def test_who_decided_about_the_claim_cannot_record_a_result(analyst_client, tester_client, world):
    add_test_round(world.inspection, by=world.analyst, at=world.now)
    result = {"outcome": "held", "reason": "", "seen": 0}
    assert analyst_client.post("/test-rounds/1/1/", result).status_code == 409
    assert "decided about this claim" in text_of(analyst_client.get("/test-rounds/1/1/"))


def test_reasons_are_for_those_who_may_read_the_claim(client, tester_client, world):
    test = add_test_round(world.inspection, by=world.analyst, at=world.now)[0]
    record_outcome(test, "not_held", at=world.now + timedelta(minutes=1))
    for person, is_shown in ((world.officer, True), (world.observer, False)):
        client.force_login(person)
        page = text_of(client.get("/test-rounds/1/"))
        assert "Did not hold" in page
        assert ("The file shows it." in page) == is_shown
        assert client.get("/test-rounds/1/1/").status_code == 404


def test_tests_add_nothing_to_what_is_done(world, tester_client):
    def done() -> list[str]:
        national = load(world.inspection, today=london_day(world.now))
        return [position.status for position in national.positions]

    before = done()
    test = add_test_round(world.inspection, by=world.analyst, at=world.now)[0]
    record_outcome(test, "not_held", at=world.now + timedelta(minutes=1))
    assert done() == before
    assert AssuranceRound.objects.count() == 1
