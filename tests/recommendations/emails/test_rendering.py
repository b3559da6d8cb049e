"""The subject, text, HTML and GOV.UK Notify fields of an email."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from forces.models import Role
from recommendations import rules
from recommendations.emails.digests.ledger import preview_decisions
from recommendations.emails.parts import Trend
from recommendations.emails.rendering import render
from recommendations.models import Assignment
from tests.factories import (
    AssignmentFactory,
    ForceFactory,
    InspectionFactory,
    RecommendationFactory,
    UserFactory,
)
from tests.recommendations.emails.examples import email_to, national_digest


def test_demonstration_data_are_labelled_in_every_format(world):
    email = email_to(world, world.officer)
    label = "Demonstration data: everything here is made up."
    name = "County lines recommendations tracker"
    assert email.subject.startswith(f"{name}: [Demonstration] Kent: ")
    assert email.text.splitlines()[:2] == [name, label]
    assert email.html.index(name) < email.html.index(label) < email.html.index("<h1")
    assert email.fields["body"].startswith(label)


def test_every_format_has_the_same_links(world, settings):
    settings.BASE_URL = "https://tracker.example.org"
    for reader in (world.officer, world.analyst):
        email = email_to(world, reader)
        links = set(re.findall(r'href="(https://[^"]+)"', email.html))
        assert links == set(re.findall(r"\((https://[^)]+)\)", email.fields["body"]))
        in_text = set(re.findall(r"https://\S+", email.text))
        assert in_text == links if reader.body else in_text < links  # lists of names have none


def test_the_lines_of_the_text_are_short(world):
    for reader in (world.officer, world.analyst):
        lines = email_to(world, reader).text.splitlines()
        assert all(len(line) < 90 or "://" in line for line in lines)
        assert not any(line == before == "" for line, before in pairwise(lines))


def test_an_email_is_small_and_does_not_quote_updates(world):
    email = email_to(world, world.officer)
    assert len(email.html.encode()) < 100_000
    assert "It is done." not in email.html + email.text + email.fields["body"]


def test_names_cannot_break_the_subject_or_the_html(world):
    kent = world.forces["Kent"]
    kent.short_name = "Kent\nBcc: all@example.org <b>"
    kent.save()
    email = email_to(world, world.officer)
    assert "\n" not in email.subject
    assert "<b>" not in email.html
    assert "<b>" in email.text


def test_the_chart_is_described_in_words(world):
    trend = Trend(png=b"png", words="41 of 430 implemented")
    content = render(national_digest(world, trend=trend), at=world.now)
    assert 'alt="Line chart. 41 of 430 implemented"' in content.html
    assert "41 of 430 implemented" in content.text
    assert content.picture == b"png"


def test_notify_gets_the_same_facts(world):
    body = email_to(world, world.analyst).fields["body"]
    assert "* Overdue (in 4 forces): 4, no change since the end of 18 November" in body
    Assignment.objects.filter(body__short_name="Kent").update(
        due_on=rules.london_day(world.now) + timedelta(days=90)
    )
    assert "# Nothing overdue, 1 returned" in email_to(world, world.officer).fields["body"]


def test_the_emails_of_a_whole_country_stay_small(db):
    """43 forces with ten recommendations each, all of them overdue and with long titles."""
    inspection = InspectionFactory(is_synthetic=True)
    forces = [ForceFactory() for _ in range(43)]
    for number in range(1, 11):
        recommendation = RecommendationFactory(
            inspection=inspection, number=number, title="Long title " * 15, due_on=date(2026, 2, 1)
        )
        for force in forces:
            AssignmentFactory(recommendation=recommendation, body=force)
    people = [UserFactory(), UserFactory(role=Role.LIAISON_OFFICER, body=forces[0])]
    decisions = preview_decisions(people, at=datetime(2026, 6, 1, 8, tzinfo=UTC))
    for person in people:
        content = decisions[person.pk].content
        assert len(content.html.encode()) + len(content.text.encode()) < 100_000
