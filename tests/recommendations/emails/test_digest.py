"""What a digest says, to whom, and in which words."""

import gc
import re
import weakref
from datetime import UTC, date, datetime, timedelta

import pytest

from forces.models import Role
from recommendations import rules, wording
from recommendations.emails.digests.contents import Contents
from recommendations.emails.digests.ledger import decided_for
from recommendations.emails.digests.national_digest import Trend
from recommendations.emails.digests.week import DUE_AT, Week
from recommendations.emails.personalisation import Personal, leave_url, personal
from recommendations.models import Assignment
from recommendations.readers import readers
from tests.factories import (
    AssignmentFactory,
    ForceFactory,
    InspectionFactory,
    RecommendationFactory,
    UserFactory,
    accept,
    claim,
)
from tests.world import World, make_world


@pytest.fixture
def world(db) -> World:
    return make_world()


def contents(world: World, *, later: int = 0) -> Contents:
    on = rules.london_day(world.now) + timedelta(days=later)
    return Contents(world.inspection, on=on)


def due_on(day):
    return Week.instant_of(day, DUE_AT)


def kent(world: World, *, since: int = 7, later: int = 0):
    told = contents(world, later=later)
    first = due_on(rules.london_day(world.now) - timedelta(days=since))
    return told.of_body(world.forces["Kent"].pk, since=first, may_update=True)


def national(world: World, *, sees_papers: bool = True, trend: Trend | None = None):
    told = contents(world)
    told.trend = trend
    since = due_on(told.on - timedelta(days=7))
    return told.national(since=since, sees_papers=sees_papers)


def section(digest, heading: str):
    return next((each.items for each in digest.sections if each.heading == heading), [])


def mail_to(world: World, reader) -> Personal:
    content = decided_for([reader], at=world.now)[reader.pk].content
    return personal(content, name=reader.name, leave_url=leave_url(reader.pk))


def test_a_body_s_digest_says_what_it_owes(world):
    digest = kent(world)
    assert digest.subject == "Kent: 1 overdue, 1 due this week, 1 returned"
    [overdue] = section(digest, "Still overdue, 1 to 30 days")
    assert overdue.note.startswith("12 days overdue")
    assert overdue.path == "/forces/kent/2/update/"
    [returned] = section(digest, "Returned to you")
    assert returned.path == "/forces/kent/2/"
    [due] = section(digest, "Due in the next 14 days")
    assert due.note.startswith("due today, on ")


def test_what_was_not_overdue_in_the_digest_before_is_newly_overdue(world):
    digest = kent(world, since=13)
    assert [item.title[0] for item in section(digest, "Newly overdue")] == ["2"]
    assert not section(digest, "Still overdue, 1 to 30 days")


def test_still_overdue_comes_by_age_the_oldest_first(world):
    late = kent(world, later=40)
    assert [each.heading for each in late.sections][:2] == [
        "Newly overdue",
        "Still overdue, 31 to 90 days",
    ]


def test_what_went_right_since_the_digest_before_is_told(world):
    done_at = world.now - timedelta(days=3)
    accept(claim(world.assignment("Kent", 3), at=done_at, by=world.officer), at=done_at)
    assert [item.title[0] for item in section(kent(world), "What went right")] == ["3"]
    assert not section(kent(world, since=1), "What went right")


def test_a_gap_of_weeks_is_said(world):
    assert kent(world).covers == ""
    assert kent(world, since=21).covers.startswith("It covers the 21 days since ")


def test_a_claim_that_waits_is_not_chased(world):
    told = contents(world)
    digest = told.of_body(world.forces["Essex"].pk, since=due_on(told.on), may_update=True)
    assert [item.path for item in section(digest, "Waiting for review")] == ["/forces/essex/1/"]
    chased = [item.path for each in digest.sections for item in each.items if "due" in item.note]
    assert "/forces/essex/1/update/" not in chased


def test_the_national_digest_counts_all_forces(world):
    digest = national(world)
    assert digest.total == 12
    figures = {figure.name: figure.count for figure in digest.figures}
    assert figures["Implemented"] == 1
    assert figures["Overdue"] == 4
    late = section(digest, "Reviews that are late")
    assert [item.title for item in late] == ["Essex: 1. One intelligence picture"]
    assert {item.title for item in section(digest, "Gone quiet")} == {"Surrey", "Norfolk", "Essex"}
    assert section(digest, "National bodies overdue")[0].title.startswith("Home Office: 2.")


def test_the_national_figures_tell_the_change(world):
    digest = national(world)
    moved = {figure.name: figure.moved for figure in digest.figures}
    assert moved["Implemented"] == "no change"
    assert "4 overdue" in digest.subject


def test_an_observer_s_links_lead_to_pages_that_observers_may_open(world, client):
    mail = mail_to(world, world.observer)
    client.force_login(world.observer)
    paths = re.findall(r'href="https?://[^/]+(/[^"]*)"', mail.html)
    assert paths
    assert {client.get(path).status_code for path in paths} == {200}


def test_an_officer_s_links_lead_to_the_form(world, client):
    client.force_login(world.officer)
    paths = re.findall(r'href="https?://[^/]+(/[^"]*)"', mail_to(world, world.officer).html)
    assert "/forces/kent/2/update/" in paths
    assert {client.get(path).status_code for path in paths} == {200}


def test_a_link_is_safe_when_signed_out(world, client):
    answer = client.get("/forces/kent/2/update/")
    assert answer.url == "/accounts/sign-in/?next=/forces/kent/2/update/"


class TestReaders:
    def test_people_who_left_and_administrators_get_none(self, world):
        UserFactory(name="Gone", is_active=False)
        chosen = set(readers())
        assert world.administrator not in chosen
        names = {person.name for person in chosen}
        assert names >= {"Kay Ent", "Ana Lyst", "Obi Server"}
        assert "Gone" not in names

    def test_chief_officers_get_copies_where_the_body_wants_them(self, world):
        kent = world.forces["Kent"]
        chief = UserFactory(role=Role.CHIEF_OFFICER, body=kent)
        assert chief not in readers()
        kent.copies_to_chief_officers = True
        kent.save()
        assert chief in readers()
        assert "/forces/kent/2/update/" not in mail_to(world, chief).html
        assert "/forces/kent/2/" in mail_to(world, chief).html


class TestWords:
    def test_a_mail_says_that_its_data_are_made_up(self, world):
        mail = mail_to(world, world.officer)
        assert mail.subject.startswith("[Demonstration] Kent: ")
        assert mail.text.startswith("DEMONSTRATION DATA")
        assert "Demonstration data: nothing in this email is real." in mail.html
        assert mail.fields["body"].startswith("Demonstration data")

    def test_text_html_and_notify_link_to_the_same_pages_of_this_service(self, world, settings):
        settings.BASE_URL = "https://tracker.example.org"
        for reader in (world.officer, world.analyst):
            mail = mail_to(world, reader)
            links = set(re.findall(r"https://[^\s\"<]+", mail.text))
            assert links == set(re.findall(r'href="(https://[^"]+)"', mail.html))
            assert links == set(re.findall(r"\((https://[^)]+)\)", mail.fields["body"]))

    def test_no_mark_is_left_in_a_mail(self, world):
        for reader in (world.officer, world.analyst):
            mail = mail_to(world, reader)
            said = mail.text + mail.html + "".join(mail.fields.values())
            assert not re.search("[\ue000-\uf8ff]", said)
            assert reader.name in mail.text
            assert reader.name in mail.html

    def test_what_people_are_called_cannot_break_the_mail(self, world):
        kent = world.forces["Kent"]
        kent.short_name = "Kent\nBcc: all@example.org <b>"
        kent.save()
        world.officer.name = "<i>Kay</i> \ue001"
        world.officer.save()
        mail = mail_to(world, world.officer)
        assert "\n" not in mail.subject
        assert "<b>" not in mail.html
        assert "<i>" not in mail.html
        assert "<b>" in mail.text

    def test_a_title_makes_no_link_in_notify_s_markdown(self, world):
        first = world.recommendations[1]
        first.title = "[Click](https://evil.example) # now\n* evil.example"
        first.save()
        body = mail_to(world, world.officer).fields["body"]
        assert "](https://evil" not in body
        assert "evil.example" not in body

    def test_a_mail_is_small_and_carries_no_account_of_progress(self, world):
        mail = mail_to(world, world.officer)
        assert len(mail.html.encode()) < 100_000
        assert "It is done." not in mail.html + mail.text + mail.fields["body"]

    def test_the_picture_is_told_in_words(self, world):
        told = contents(world)
        told.trend = Trend(png=b"png", words="41 of 430 implemented")
        from recommendations.emails.rendering import render

        content = render(told.national(since=due_on(told.on), sees_papers=True), at=world.now)
        assert 'alt="Line chart: 41 of 430 implemented"' in content.html
        assert "41 of 430 implemented" in content.text
        assert content.picture == b"png"


def test_the_mails_of_a_whole_country_stay_small(db):
    """43 forces with ten recommendations each, all of them overdue and with long titles."""
    inspection = InspectionFactory(is_synthetic=True)
    forces = [ForceFactory() for _ in range(43)]
    for number in range(1, 11):
        owed = RecommendationFactory(
            inspection=inspection, number=number, title="Long title " * 15, due_on=date(2026, 2, 1)
        )
        for force in forces:
            AssignmentFactory(recommendation=owed, body=force)
    people = [UserFactory(), UserFactory(role=Role.LIAISON_OFFICER, body=forces[0])]
    decided = decided_for(people, at=datetime(2026, 6, 1, 8, tzinfo=UTC))
    for person in people:
        content = decided[person.pk].content
        assert len(content.html.encode()) + len(content.text.encode()) < 100_000


def test_the_contents_die_with_their_run(world):
    told = contents(world)
    told.of(world.officer, since=due_on(told.on))
    alive = weakref.ref(told)
    del told
    gc.collect()
    assert alive() is None


def test_notify_is_told_as_much_as_the_others(world):
    since = rules.london_day(world.now) - timedelta(days=7)
    body = mail_to(world, world.analyst).fields["body"]
    assert f"(no change since {wording.day(since)})" in body
    Assignment.objects.filter(body__short_name="Kent").update(
        due_on=rules.london_day(world.now) + timedelta(days=90)
    )
    assert "Nothing is overdue for Kent." in mail_to(world, world.officer).fields["body"]


def test_the_queries_do_not_grow_with_the_readers(world, django_assert_max_num_queries):
    people = [*readers()]
    people += [UserFactory(role=Role.OBSERVER, body=world.forces["Kent"]) for _ in range(20)]
    people = list(readers())
    with django_assert_max_num_queries(12):
        assert len(decided_for(people, at=world.now)) == len(people) > 20
    assert Assignment.objects.count() == 15
