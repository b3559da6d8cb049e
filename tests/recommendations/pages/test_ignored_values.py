"""A value in an address that is not valid is ignored, and every page says so in one sentence."""

from urllib.parse import quote

import pytest

from tests.recommendations.pages.pages import text_of

VALUES = [
    ("/audit/?act=moon", "moon", "action"),
    ("/audit/?body=atlantis", "atlantis", "organisation"),
    ("/audit/?recommendation=two", "two", "recommendation"),
    ("/audit/?since=31/02/2026", "31/02/2026", "date"),
    ("/changes/?body=atlantis", "atlantis", "organisation"),
    ("/changes/?by=moon", "moon", "grouping"),
    ("/changes/?kind=moon", "moon", "kind of change"),
    ("/changes/?recommendation=99", "99", "recommendation"),
    ("/changes/?recommendation=two", "two", "recommendation"),
    ("/changes/?since=2026-02-30", "2026-02-30", "date"),
    ("/forces/?region=Mars", "Mars", "region"),
    ("/heatmap/?flag=x", "x", "flag"),
    ("/heatmap/?region=Mars", "Mars", "region"),
    ("/heatmap/?rocu=x", "x", "regional organised crime unit"),
    ("/heatmap/?sort=x", "x", "order"),
    ("/heatmap/?status=lost", "lost", "status"),
    ("/heatmap/?lead=x", "x", "lead organisation"),
    ("/heatmap/?theme=x", "x", "theme"),
    ("/responses/?show=x", "x", "choice"),
    ("/reviews/?late=x", "x", "choice"),
    ("/reviews/?mine=x", "x", "choice"),
    ("/search/?q=kent&kind=moon", "moon", "kind of result"),
]
PAST_PAGES = [
    *("/", "/forces/", "/forces/kent/", "/forces/kent/2/", "/heatmap/"),
    *("/recommendations/", "/recommendations/2/", "/responses/", "/trends/"),
]
OF_ADMINISTRATORS = [
    ("/people/?account=x", "x", "account"),
    ("/people/?emails=x", "x", "email filter"),
    ("/people/?role=king", "king", "role"),
]


@pytest.mark.parametrize(("address", "value", "noun"), VALUES)
def test_an_analyst_reads_which_value_was_ignored(analyst_client, address, value, noun):
    text = text_of(analyst_client.get(address))
    assert f"“{value}” is not a valid {noun}, so it was ignored." in text


@pytest.mark.parametrize(("address", "value", "noun"), OF_ADMINISTRATORS)
def test_an_administrator_reads_which_value_was_ignored(client, world, address, value, noun):
    client.force_login(world.administrator)
    text = text_of(client.get(address))
    assert f"“{value}” is not a valid {noun}, so it was ignored." in text


@pytest.mark.parametrize("name", ["force", "recommendation"])
def test_a_queue_without_claims_of_a_force_says_that_it_shows_all(analyst_client, name):
    page = analyst_client.get("/reviews/", {name: "atlantis"})
    assert "No claim of “atlantis” is waiting, so all are shown." in text_of(page)


# Every page with a date in its address, and a sentence or value that shows which day was read.
DATED = [
    ("/audit/?since={}", 'value="2026-11-02"'),
    ("/audit/?until={}", 'value="2026-11-02"'),
    ("/changes/?since={}", 'value="2026-11-02"'),
    ("/changes/?until={}", 'value="2026-11-02"'),
    ("/heatmap/?compare={}", "2 November 2026"),
    *((f"{page}?as_at={{}}", "2 November 2026") for page in PAST_PAGES),
]


@pytest.mark.parametrize(("address", "expected"), DATED)
@pytest.mark.parametrize("typed", ["02/11/2026", "2 Nov 2026"])
def test_dates_are_read_as_people_write_them(analyst_client, address, expected, typed):
    page = analyst_client.get(address.format(quote(typed)))
    assert expected in page.text
    assert "so it was ignored" not in page.text


@pytest.mark.parametrize("page", PAST_PAGES)
def test_a_past_day_that_is_none_is_named(analyst_client, page):
    assert "is not a real date, so " in text_of(analyst_client.get(f"{page}?as_at=31/02/2026"))


@pytest.mark.parametrize(
    "address",
    [
        "/audit/?since=2026-03-02&until=2026-03-01",
        "/changes/?since=2026-03-02&until=2026-03-01",
        "/heatmap/?as_at=2026-03-01&compare=2026-03-02",
    ],
)
def test_reversed_dates_are_swapped(analyst_client, address):
    assert "The dates were the wrong way round, so they were swapped." in text_of(
        analyst_client.get(address)
    )


def test_a_day_to_compare_that_is_not_one_compares_nothing(analyst_client):
    page = text_of(analyst_client.get("/heatmap/?compare=yesterday"))
    assert "is not a real date, so nothing is compared." in page
