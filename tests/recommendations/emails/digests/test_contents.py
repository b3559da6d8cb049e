"""What the digests of a day share, and what each reader gets."""

import gc
import re
import weakref

from forces.models import Role
from recommendations.emails.digests.ledger import preview_decisions
from recommendations.models import Assignment
from recommendations.readers import readers
from tests.factories import UserFactory
from tests.recommendations.emails.examples import contents_of, days_ago, email_to

LINKED_PATH = re.compile(r'href="https?://[^/]+(/[^"]*)"')


def test_an_observer_s_links_lead_to_pages_that_observers_can_open(world, client):
    email = email_to(world, world.observer)
    client.force_login(world.observer)
    paths = LINKED_PATH.findall(email.html)
    assert paths
    assert {client.get(path).status_code for path in paths} == {200}


def test_an_officer_s_links_lead_to_the_form(world, client):
    client.force_login(world.officer)
    paths = LINKED_PATH.findall(email_to(world, world.officer).html)
    assert "/forces/kent/2/update/" in paths
    assert {client.get(path).status_code for path in paths} == {200}


def test_a_link_leads_through_sign_in(world, client):
    answer = client.get("/forces/kent/2/update/")
    assert answer.url == "/accounts/sign-in/?next=/forces/kent/2/update/"


def test_the_contents_are_freed_after_their_run(world):
    contents = contents_of(world)
    contents.for_reader(world.officer, since=days_ago(world, 0))
    reference = weakref.ref(contents)
    del contents
    gc.collect()
    assert reference() is None


def test_more_readers_need_no_more_queries(world, django_assert_max_num_queries):
    for _ in range(20):
        UserFactory(role=Role.OBSERVER, body=world.forces["Kent"])
    people = list(readers())
    with django_assert_max_num_queries(12):
        assert len(preview_decisions(people, at=world.now)) == len(people) > 20
    assert Assignment.objects.count() == 15
