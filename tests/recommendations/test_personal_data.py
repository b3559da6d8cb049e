"""The personal data of a user are in one table, which is complete."""

import json
import re
from datetime import timedelta

from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField
from django.test import Client

from forces import audit
from forces.models import User
from recommendations.actions.absences import set_absence
from recommendations.actions.api_tokens import create_token
from recommendations.actions.calendar_feeds import create_calendar_feed
from recommendations.actions.drafts import open_draft, save_draft
from recommendations.actions.email_preferences import set_email_preferences
from recommendations.actions.questions import ask_question
from recommendations.actions.record_visit import record_visit
from recommendations.actions.saved_views import save_view
from recommendations.emails.digests.ledger import create_digests
from recommendations.emails.digests.week import Week
from recommendations.exports.personal_data_file import personal_data_json, summary
from recommendations.personal_data import PERSONAL_DATA
from recommendations.rules import london_day
from tests.world import World

SECRETS = re.compile(r"hash|secret|password|token|content$|html|picture|seed|codes")


def personal_data_of(person: User, world: World) -> dict[str, list[dict]]:
    data = json.loads(personal_data_json(person, at=world.now))
    return {kind["title"]: kind["rows"] for kind in data["held"]}


def test_every_model_that_refers_to_a_person_is_in_the_table():
    """A new model that refers to a person belongs in `recommendations/personal_data.py`."""
    named = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, (ForeignKey, ManyToManyField)) and field.related_model is User
    }
    assert {(held.model._meta.label, held.person) for held in PERSONAL_DATA} == named


def test_no_secret_and_no_file_is_exported():
    fields = {name for held in PERSONAL_DATA for name in held.fields.split()}
    assert not {name for name in fields if SECRETS.search(name)}


def test_every_kind_is_exported_with_its_content(world):
    officer, now = world.officer, world.now
    kent = world.assignment("Kent", 2)
    draft = open_draft(assignment=kent, by=officer, at=now)
    save_draft(draft=draft, version=draft.version, by=officer, at=now, account="Half a page.")
    ask_question(assignment=kent, text="How far?", by=officer, at=now)
    set_email_preferences(reader=officer, weekly="always", at_once=False, by=officer, at=now)
    save_view(
        name="Overdue", address="/heatmap/", is_pinned=False, is_shared=False, by=officer, at=now
    )
    secret = create_token(name="Sheet", lasts=timedelta(days=9), by=officer, at=now).secret
    feed = create_calendar_feed(body=kent.body, by=officer, at=now)
    record_visit(by=officer, at=now)
    on = london_day(now)
    set_absence(person=officer, from_on=on, until_on=on, stand_in=None, by=officer, at=now)
    create_digests(week=Week.of(london_day(now)), at=now)
    audit.record(at=now, act="person changed", actor=world.administrator, subject=officer)
    Client().force_login(officer)

    text = personal_data_json(officer, at=now)
    held = personal_data_of(officer, world)
    assert held["Drafts last saved by this person"][0]["account"] == "Half a page."
    assert held["Questions asked"][0]["text"] == "How far?"
    assert held["Email preferences"][0]["weekly"] == "always"
    assert held["Saved views"][0]["address"] == "/heatmap/"
    assert held["API tokens"][0]["name"] == "Sheet"
    assert len(held["Calendar addresses"]) == len(held["Sessions"]) == 1
    assert held["Last absence"][0]["until_on"] == on.isoformat()
    assert len(held["Last visit to the changes page"]) == 1
    assert len(held["Updates submitted"]) == 2
    email = held["Emails to this person"][0]
    assert email["address"] == officer.email
    assert "[a link]" in email["text"]
    assert not re.search(r"[\ue000-\uf8ff]", text)
    acts = {event["act"] for event in held["Audit trail of this person"]}
    assert {"claim submitted", "draft begun", "question asked"} <= acts
    done_to = held["What was done to this account, in the audit trail"]
    assert [event["act"] for event in done_to] == ["person changed"]
    assert secret not in text
    assert feed not in text
    assert officer.password not in text


def test_the_file_names_the_person_and_says_that_the_data_are_made_up(world):
    data = json.loads(personal_data_json(world.officer, at=world.now))
    assert data["person"]["email"] == world.officer.email
    assert data["person"]["body__name"] == "Kent Police"
    assert data["notice"] == "Demonstration data: all of it is made up."


def test_data_of_others_are_not_exported(world):
    for person in (world.officer, world.analyst):
        text = personal_data_json(person, at=world.now)
        others = User.objects.exclude(pk=person.pk)
        assert not [other for other in others if other.name in text or other.email in text]


def test_the_summary_counts_the_rows_of_the_file(world):
    counts = {records.title: records.count for records in summary(world.officer)}
    assert counts == {
        title: len(rows) for title, rows in personal_data_of(world.officer, world).items()
    }
