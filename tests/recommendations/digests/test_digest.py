"""What a digest says, to whom, and in which words."""

import re

import pytest

from forces.models import Role
from recommendations import rules
from recommendations.digests.content import Contents
from recommendations.digests.ledger import rendered_for
from recommendations.digests.readers import readers
from tests.factories import UserFactory
from tests.world import World, make_world


@pytest.fixture
def world(db) -> World:
    return make_world()


def contents(world: World) -> Contents:
    return Contents(world.inspection, on=rules.london_day(world.now))


def test_a_body_s_digest_says_what_it_owes(world):
    digest = contents(world).of_body(world.forces["Kent"])
    assert digest.subject == "Kent: 1 overdue, 1 due soon, 1 returned"
    assert [item.note[:15] for item in digest.overdue] == ["12 days overdue"]
    assert digest.overdue[0].path == "/forces/kent/2/"
    assert [item.path for item in digest.returned] == ["/forces/kent/2/"]
    assert digest.due_soon[0].note.startswith("due today, on ")


def test_a_claim_that_waits_is_not_chased(world):
    digest = contents(world).of_body(world.forces["Essex"])
    assert [item.path for item in digest.waiting] == ["/forces/essex/1/"]
    assert "/forces/essex/1/" not in {item.path for item in digest.overdue + digest.due_soon}


def test_the_national_digest_counts_all_forces(world):
    digest = contents(world).national(sees_papers=True)
    assert digest.total == 12
    figures = {figure.name: figure.count for figure in digest.figures}
    assert figures["Implemented"] == 1
    assert figures["Overdue"] == 4
    assert [item.title for item in digest.late_reviews] == ["Essex: 1. One intelligence picture"]
    assert {item.title for item in digest.silent} == {"Surrey", "Norfolk", "Essex"}
    assert digest.overdue_national[0].title.startswith("Home Office: 2.")


def test_an_observer_s_links_lead_to_pages_that_observers_may_open(world, client):
    mail = rendered_for([world.observer], at=world.now)[world.observer.pk]
    client.force_login(world.observer)
    paths = re.findall(r'href="https?://[^/]+(/[^"]*)"', mail.html)
    assert paths
    assert {client.get(path).status_code for path in paths} == {200}


def test_people_who_left_and_administrators_get_none(world):
    UserFactory(name="Gone", is_active=False)
    chosen = set(readers())
    assert world.administrator not in chosen
    assert {person.name for person in chosen} >= {"Kay Ent", "Ana Lyst", "Obi Server"}
    assert "Gone" not in {person.name for person in chosen}


def test_a_mail_says_that_its_data_are_made_up(world):
    mail = rendered_for([world.officer], at=world.now)[world.officer.pk]
    assert mail.subject.startswith("[Demonstration] Kent: ")
    assert mail.text.startswith("DEMONSTRATION DATA")
    assert "Demonstration data: everything here is made up." in mail.html


def test_text_and_html_link_to_the_same_pages_of_this_service(world, settings):
    settings.BASE_URL = "https://tracker.example.org"
    for reader in (world.officer, world.analyst):
        mail = rendered_for([reader], at=world.now)[reader.pk]
        links = re.findall(r"https://[^\s\"<]+", mail.text)
        assert set(links) == set(re.findall(r'href="(https://[^"]+)"', mail.html))
        assert links


def test_what_people_are_called_cannot_break_the_mail(world):
    kent = world.forces["Kent"]
    kent.short_name = "Kent\nBcc: all@example.org <b>"
    kent.save()
    world.officer.refresh_from_db()
    mail = rendered_for([world.officer], at=world.now)[world.officer.pk]
    assert "\n" not in mail.subject
    assert "<b>" not in mail.html
    assert "<b>" in mail.text


def test_a_mail_is_small_and_carries_no_account_of_progress(world):
    mail = rendered_for([world.officer], at=world.now)[world.officer.pk]
    assert len(mail.html.encode()) < 100_000
    assert "It is done." not in mail.html + mail.text


def test_the_queries_do_not_grow_with_the_readers(world, django_assert_max_num_queries):
    people = [*readers()]
    people += [UserFactory(role=Role.OBSERVER, body=world.forces["Kent"]) for _ in range(20)]
    with django_assert_max_num_queries(10):
        assert len(rendered_for(people, at=world.now)) == len(people)
