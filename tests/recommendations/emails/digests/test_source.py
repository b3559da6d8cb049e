"""What the digests of a day share, and what each reader gets."""

import gc
import re
import weakref
from itertools import pairwise

from forces.models import Role
from recommendations.emails.digests.ledger import preview_decisions
from recommendations.models import Absence, Assignment
from recommendations.readers import readers
from recommendations.rules import london_day
from tests.factories import UserFactory
from tests.recommendations.emails.examples import days_ago, email_to, source_of

LINKED_PATH = re.compile(r'href="https?://[^/]+(/[^"]*)"')


def test_every_reader_can_open_the_links_of_their_email(world, client):
    for reader in (world.observer, world.officer, world.analyst):
        client.force_login(reader)
        paths = LINKED_PATH.findall(email_to(world, reader).html)
        assert paths
        assert {client.get(path).status_code for path in paths} == {200}


def test_a_link_leads_through_sign_in(world, client):
    answer = client.get("/forces/kent/2/update/")
    assert answer.url == "/accounts/sign-in/?next=/forces/kent/2/update/"


def test_the_data_are_freed_after_their_run(world):
    source = source_of(world)
    source.news(days_ago(world, 0))
    reference = weakref.ref(source)
    del source
    gc.collect()
    assert reference() is None


def test_more_readers_and_absences_need_no_more_queries(world, django_assert_max_num_queries):
    for _ in range(20):
        UserFactory(role=Role.OBSERVER, body=world.forces["Kent"])
    on = london_day(world.now)
    people = list(readers(on=on))
    observers = [person for person in people if person.body == world.forces["Kent"]]
    for person, stand_in in pairwise(observers[:9]):
        Absence.objects.create(
            person=person, from_on=on, until_on=on, stand_in=stand_in, set_by=person,
            set_at=world.now,
        )  # fmt: skip
    with django_assert_max_num_queries(21):
        assert len(preview_decisions(people, at=world.now)) == len(people) > 20
    assert Assignment.objects.count() == 15
