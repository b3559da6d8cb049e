"""Who gets the weekly digest."""

from forces.models import Role
from recommendations.readers import readers
from recommendations.rules import london_day
from tests.factories import UserFactory
from tests.recommendations.emails.examples import email_to


def test_everybody_but_people_who_left_gets_the_digest(world):
    UserFactory(name="Gone", is_active=False)
    people = set(readers(on=london_day(world.now)))
    names = {person.name for person in people}
    assert names >= {"Kay Ent", "Ana Lyst", "Obi Server", "Ada Min"}
    assert "Gone" not in names


def test_chief_officers_get_copies_if_their_body_wants_it(world):
    kent = world.forces["Kent"]
    chief = UserFactory(role=Role.CHIEF_OFFICER, body=kent)
    assert chief not in readers(on=london_day(world.now))
    kent.copies_to_chief_officers = True
    kent.save()
    assert chief in readers(on=london_day(world.now))
    assert "/forces/kent/2/update/" not in email_to(world, chief).html
    assert "/forces/kent/2/" in email_to(world, chief).html
