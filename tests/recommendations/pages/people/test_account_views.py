"""Administrators invite people and remove lost second factors."""

import pytest
from django.urls import reverse

from forces.models import Role, User
from tests.factories import InspectionFactory, OfficerFactory, UserFactory
from tests.forces.accounts.factors import set_up_app, title_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator_client(client):
    InspectionFactory()
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    return client


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"email": "TAKEN@example.org"}, "Another person already has this email address"),
        ({"email": "not an address"}, "correct format"),
        ({"role": "liaison_officer", "body": ""}, "Select the organisation"),
        ({"role": "emperor"}, "Select"),
        ({"name": ""}, "Enter the person"),
    ],
)
def test_invalid_input_gets_an_error_and_invites_nobody(administrator_client, fields, error):
    OfficerFactory(email="taken@example.org")
    before = User.objects.count()
    typed = {"name": "Jo", "email": "jo@example.org", "role": "observer", "body": ""} | fields
    answer = administrator_client.post(reverse("person_invite"), typed)
    assert answer.status_code == 200
    assert error in answer.text
    assert User.objects.count() == before


@pytest.mark.parametrize("role", [Role.ANALYST, Role.OBSERVER])
def test_other_roles_cannot_invite(client, role):
    InspectionFactory()
    client.force_login(UserFactory(role=role))
    assert client.get(reverse("person_invite")).status_code == 404


@pytest.mark.parametrize("name", ["person_invite", "email_preferences"])
def test_the_title_says_once_that_there_is_an_error(administrator_client, name):
    answer = administrator_client.post(reverse(name), {"email": "x", "weekly": "x"})
    assert title_of(answer).count("Error: ") == 1


@pytest.mark.parametrize("has_password", [True, False], ids=["password", "single sign-on"])
def test_a_person_s_page_links_to_removing_a_second_factor(administrator_client, has_password):
    set_up_app(person := UserFactory(has_second_factor=False))
    if not has_password:
        person.set_unusable_password()
    person.save()
    page = administrator_client.get(reverse("person", args=[person.pk])).text
    assert reverse("person_second_factor", args=[person.pk]) in page
    assert "Has no second factor" not in page
