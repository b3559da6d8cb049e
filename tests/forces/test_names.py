"""The names that people had when they wrote something."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from forces.models import PersonName
from forces.names import find_body, keep_former_name
from recommendations.actions.remove_person import remove_person

pytestmark = pytest.mark.django_db


def rename(person, name, *, at):
    former, person.name = person.name, name
    person.save(update_fields=["name"])
    keep_former_name(person, former, at=at)


def test_history_shows_the_name_of_then_and_the_page_of_people_both(world, analyst_client):
    rename(world.officer, "Kay Newname", at=world.now - timedelta(days=15))
    history = analyst_client.get("/forces/kent/2/?full=1").content.decode()
    assert "Kay Ent" in history  # sent the claim 20 days ago
    assert "Kay Newname" not in history.split("<main")[1]
    admin = Client()
    admin.force_login(world.administrator)
    page = admin.get(f"/people/{world.officer.pk}/").content.decode()
    assert "Formerly Kay Ent (until" in page
    assert "Kay Newname" in admin.get("/people/?name=kay+ent").content.decode()
    trail = admin.get("/audit/?person=kay+ent").content.decode()
    assert "No events" not in trail


def test_the_removal_of_a_person_removes_their_former_names(world):
    rename(world.officer, "Kay Newname", at=world.now)
    remove_person(person=world.officer, by=world.administrator, at=world.now)
    assert not PersonName.objects.exists()


def test_the_admin_keeps_the_former_name_unless_it_was_wrong(world):
    client = Client()
    client.force_login(world.administrator)
    person = world.analyst
    for name, was_wrong in (("Ana List", "on"), ("Ana Married", "")):
        path = reverse("admin:forces_user_change", args=[person.pk])
        form = {"email": person.email, "name": name, "role": person.role, "is_active": "on"}
        response = client.post(path, form | ({"name_was_wrong": "on"} if was_wrong else {}))
        assert response.status_code == 302
    assert [row.name for row in PersonName.objects.all()] == ["Ana List"]


def test_a_group_of_single_sign_on_finds_an_organisation_by_slug_or_name(world):
    kent = world.forces["Kent"]
    assert find_body("kent") == find_body(kent.name) == kent
    assert find_body("atlantis") is None
