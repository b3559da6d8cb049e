"""Signing in and out."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from forces.models import AuditEvent, Role
from tests.factories import PASSWORD, ForceFactory, OfficerFactory, UserFactory
from tests.forces.accounts.factors import is_signed_in, type_password

pytestmark = pytest.mark.django_db


def sign_in(client, email, password=PASSWORD, **query):
    data = {"login": email, "password": password}
    return client.post(reverse("login", query=query), data)


def test_a_page_redirects_to_sign_in_and_back(client):
    response = client.get("/heatmap/?as_at=2026-10-01")
    assert response.status_code == 302
    assert response.url == "/accounts/sign-in/?next=/heatmap/%3Fas_at%3D2026-10-01"


def test_a_request_that_sends_no_files_stores_no_session(client):
    client.get("/heatmap/", CONTENT_TYPE="multipart/form-data; boundary=x")
    assert not Session.objects.exists()


def test_the_email_address_ignores_case_and_the_requested_page_follows(client):
    UserFactory(email="kim@example.org")
    response = sign_in(client, "KIM@Example.ORG", next="/recommendations/")
    assert response.url == "/recommendations/"
    assert AuditEvent.objects.get().act == "signed in"


def test_a_link_to_another_site_is_not_followed_after_sign_in(client):
    user = UserFactory()
    assert sign_in(client, user.email, next="https://elsewhere.example.com/").url == "/"


@pytest.mark.parametrize("email", ["kim@example.org", "nobody@example.org"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_error(client, email):
    UserFactory(email="kim@example.org")
    page = sign_in(client, email, "wrong password").content.decode()
    assert "Email address or password is incorrect" in page
    assert "wrong password" not in page
    assert f'value="{email}"' in page
    assert AuditEvent.objects.get().act == "sign-in refused"


def test_each_empty_field_has_its_own_sentence(client):
    page = client.post(reverse("login"), {"login": "", "password": ""}).text
    for field, sentence in (
        ("login", "Enter your email address"),
        ("password", "Enter your password"),
    ):
        assert f'href="#id_{field}">{sentence}</a>' in page
        error = page.partition(f'id="id_{field}-error"')[2].partition("</p>")[0]
        assert sentence in error
    assert page.count("Email address or password is incorrect") == 0


@pytest.mark.parametrize("query", [{}, {"next": "/trends/"}])
def test_a_chief_officer_starts_at_the_page_of_their_force(client, query):
    kent = ForceFactory(slug="kent")
    chief = UserFactory(role=Role.CHIEF_OFFICER, body=kent)
    assert client.get("/").url == reverse("login")
    assert sign_in(client, chief.email, **query).url == query.get("next", "/forces/kent/")


def test_somebody_with_single_sign_on_who_uses_a_password_sees_an_error(client):
    person = OfficerFactory()
    SocialAccount.objects.create(user=person, provider="single-sign-on", uid="1")
    response = sign_in(client, person.email)
    assert "We could not sign you in." in client.get(response.url).text


@pytest.mark.parametrize(
    ("contact", "sentence"),
    [
        ("help@example.org", 'href="mailto:help@example.org"'),
        ("", "contact the person who invited you"),
    ],
)
def test_the_sign_in_pages_say_who_to_ask(client, settings, contact, sentence):
    settings.CONTACT_EMAIL = contact
    for name in ("login", "password_reset", "password_reset_done"):
        assert sentence in client.get(reverse(name)).text, name


def test_an_inactive_person_cannot_sign_in(client):
    user = UserFactory(is_active=False)
    assert sign_in(client, user.email).status_code == 200
    assert "_auth_user_id" not in client.session


def test_signing_out_needs_a_post(client):
    client.force_login(UserFactory())
    assert client.get(reverse("logout")).status_code == 405
    assert client.post(reverse("logout")).status_code == 302
    assert client.get("/heatmap/").status_code == 302
    assert AuditEvent.objects.filter(act="signed out").exists()


def test_signing_in_replaces_a_planted_session_key(officer):
    victim, attacker = Client(), Client()
    victim.get(reverse("login"))
    session = victim.session
    session["planted"] = True
    session.save()
    victim.cookies["sessionid"] = session.session_key
    attacker.cookies["sessionid"] = session.session_key
    type_password(victim, officer)
    assert is_signed_in(victim)
    assert not is_signed_in(attacker)
