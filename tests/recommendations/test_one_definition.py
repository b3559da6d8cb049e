"""The overview, its file, the national email and the API give the same figures of one world."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client

from recommendations import rules, wording
from recommendations.actions.api_tokens import create_token
from recommendations.dashboards.assignment.assignment import due_sentence
from recommendations.dashboards.overview.overview import overview
from recommendations.dashboards.visibility import FULL_VISIBILITY
from recommendations.emails.rendering import render
from recommendations.positions import positions
from recommendations.positions.contact import contacts
from recommendations.positions.national import load
from tests.factories import accept, claim, send_back, submit
from tests.recommendations.emails.examples import national_digest, texts_of
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def eventful_world(world):
    """Claims at the edges of the week, and one made again after the due date."""
    today = rules.london_day(world.now)
    end_of_week_ago = rules.start_of_day(rules.week_before(today) + timedelta(days=1))
    before, after = (end_of_week_ago + timedelta(minutes=n) for n in (-30, 30))
    norfolk = world.assignment("Norfolk", 1)
    accept(claim(norfolk, at=before), at=before, by=world.analyst)
    surrey = world.assignment("Surrey", 2)
    accept(claim(surrey, at=after), at=after, by=world.analyst)
    essex = world.assignment("Essex", 2)
    first = claim(essex, at=world.now - timedelta(days=10))
    send_back(first, at=world.now - timedelta(days=8), by=world.analyst)
    claim(essex, at=world.now - timedelta(days=2))
    return world


@pytest.fixture
def api(eventful_world):
    """`api("summary")`: the analyst's JSON of a path of the API."""
    token = create_token(
        name="tests",
        lasts=timedelta(days=1),
        by=eventful_world.analyst,
        at=eventful_world.now,
    )

    def get(path: str, **query: object) -> dict:
        headers = {"Authorization": f"Bearer {token.secret}"}
        return Client().get(f"/api/v1/{path}", query, headers=headers).json()

    return get


def csv_rows(client: Client, address: str) -> list[list[str]]:
    text = b"".join(client.get(address)).decode("utf-8-sig")
    return [row for row in csv.reader(io.StringIO(text)) if row]


def test_the_figures_of_the_week_are_the_same_everywhere(analyst_client, eventful_world, api):
    world = eventful_world
    today = rules.london_day(world.now)
    page = overview(load(world.inspection, today=today), visibility=FULL_VISIBILITY)
    shown = {figure.label: (figure.count, figure.change) for figure in page.figures}
    # Surrey's claim is of the last seven days, Norfolk's was accepted at the end of the day before.
    assert shown["Implemented"] == (3, "up 1")
    digest = national_digest(world)
    *figures, at_risk = [row.figure for row in digest.figures]
    assert {f.name: (f.count, f.change_text) for f in figures} | {
        at_risk.name: (at_risk.count, at_risk.change_text)
    } == shown
    summary = api("summary")
    by_name = {f["name"]: (f["count"], f["change"]) for f in summary["figures"]}
    assert by_name == {f.name: (f.count, f.change) for f in figures}
    assert summary["compared_on"] == rules.week_before(today).isoformat()
    assert digest.figures_since == wording.day(rules.week_before(today), today=today)
    rows = csv_rows(analyst_client, "/downloads/overview/figures.csv")
    in_file = {row[0]: (row[1], row[3]) for row in rows if row[0] in shown}
    assert in_file == {
        f.label: (str(f.count), "" if f.change_count is None else str(f.change_count))
        for f in page.figures
    }


def test_the_headline_is_the_same_everywhere(analyst_client, eventful_world, api):
    headline = national_digest(eventful_world).sentence
    due = wording.day(rules.london_day(eventful_world.now))
    assert headline == (
        f"4 of 7 open recommendations are due on {due}. Of these, 0 are forecast later and "
        "3 have no forecast."
    )
    assert api("summary")["sentence"] == headline
    content = render(national_digest(eventful_world), at=eventful_world.now)
    assert headline in " ".join(content.text.split())
    assert headline in content.html
    assert headline in content.fields["body"]
    shown = text_of(analyst_client.get("/"))
    assert headline in shown
    described = analyst_client.get("/downloads/overview/outlook.csv-metadata.json").json()
    assert described["dc:title"] == headline
    for text in (shown, content.text):
        assert "ahead of plan" not in text


def test_those_gone_quiet_are_the_same_everywhere(eventful_world, api):
    world = eventful_world
    today = rules.london_day(world.now)
    page = overview(load(world.inspection, today=today), visibility=FULL_VISIBILITY)
    in_email = texts_of(national_digest(world), "No recent updates")
    quiet = next(group for group in page.needs if group.title == "1 has gone quiet")
    names = [line.who for line in quiet.lines]
    assert names == ["Home Office"]
    assert in_email == names
    assert api("summary")["quiet"] == ["home-office"]


def test_the_last_contact_is_the_last_update_on_any_recommendation(world):
    on = rules.london_day(world.now)
    kent = world.forces["Kent"].pk
    contact = contacts(positions.today(world.inspection, on=on))[kent]
    assert (contact.days, contact.open_count, contact.is_quiet) == (20, 2, False)
    submit(world.assignment("Norfolk", 3), at=world.now - timedelta(days=34))
    norfolk = contacts(positions.today(world.inspection, on=on))[world.forces["Norfolk"].pk]
    assert (norfolk.days, norfolk.is_quiet) == (34, False)


def test_days_late_are_the_same_everywhere(analyst_client, eventful_world, api):
    world = eventful_world
    on = rules.london_day(world.now)
    # Due 12 days ago, first claimed 10 days ago, claimed again 2 days ago.
    essex = world.assignment("Essex", 2)
    position = next(
        p for p in positions.today(world.inspection, on=on) if p.assignment_id == essex.pk
    )
    assert position.days_late == essex.days_late == 2
    past = positions.as_at(world.inspection, on=on, body=essex.body)
    assert next(p for p in past if p.assignment_id == essex.pk) == position
    assert due_sentence(position).endswith("It is 2 days late.")
    page = text_of(analyst_client.get(essex.get_absolute_url()))
    assert page.count("Late by 2 days") == 2
    items = api("positions", limit=500)["items"]
    assert next(i for i in items if i["assignment"] == essex.pk)["days_late"] == 2
    rows = csv_rows(analyst_client, "/downloads/force/rows.csv?of=essex")
    head = next(row for row in rows if "Days late" in row)
    late = {row[head.index("Number")]: row[head.index("Days late")] for row in rows[-3:]}
    assert late == {"1": "0", "2": "2", "3": "0"}
