"""A value in an address that is not valid is ignored, and every page says so in one sentence."""

import pytest

from tests.recommendations.pages.pages import text_of

VALUES = [
    ("/audit/?act=moon", "moon", "action"),
    ("/audit/?body=atlantis", "atlantis", "organisation"),
    ("/audit/?recommendation=two", "two", "recommendation"),
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
    ("/search/?q=kent&kind=moon", "moon", "kind of result"),
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
