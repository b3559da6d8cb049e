from datetime import datetime, timedelta

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from countylines.views import bad_request, server_error
from tests.factories import ForceFactory, UserFactory

SECURITY_TXT = "/.well-known/security.txt"


@pytest.mark.django_db
def test_a_page_that_does_not_exist_has_the_layout_of_the_service(client):
    client.force_login(UserFactory())
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "Page not found" in response.content.decode()
    assert "contact the person who invited you" in response.text


@pytest.mark.django_db
def test_a_page_that_is_not_found_cannot_be_saved_as_a_view(client):
    client.force_login(UserFactory())
    kent = ForceFactory()
    assert "Save this view" in client.get(reverse("forces")).text
    for path in (f"/forces/{kent.slug}/99/", "/recommendations/99/"):
        page = client.get(path)
        assert page.status_code == 404
        assert "Save this view" not in page.text


@pytest.mark.django_db
def test_a_form_without_a_token_is_explained():
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("login"), {"login": "a", "password": "b"})
    assert response.status_code == 403
    assert "<h1" in response.content.decode()


def test_the_pages_for_failures_need_no_database(rf, monkeypatch, settings):
    def refuse(*_, **__):
        raise AssertionError("the page used the database")

    monkeypatch.setattr(connections["default"], "cursor", refuse)
    settings.CONTACT_EMAIL = "help@example.org"
    for page, status in (
        (server_error(rf.get("/")), 500),
        (bad_request(rf.get("/"), ValueError()), 400),
    ):
        assert page.status_code == status
        assert b"<h1" in page.content
        assert b"mailto:help@example.org" in page.content


@pytest.mark.parametrize(("contact", "has_link"), [("help@example.org", True), ("", False)])
@pytest.mark.django_db
def test_the_footer_links_to_the_contact_if_there_is_one(client, settings, contact, has_link):
    settings.CONTACT_EMAIL = contact
    footer = client.get("/help/").content.decode().split("<footer")[1]
    assert (">Contact</a>" in footer) is has_link


def test_it_says_where_to_report_a_vulnerability_and_until_when(client, settings):
    settings.CONTACT_EMAIL = "security@tracker.example"
    settings.BASE_URL = "https://tracker.example"
    response = client.get(SECURITY_TXT)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    remaining = datetime.fromisoformat(fields.pop("Expires")) - timezone.now()
    assert timedelta(days=30) < remaining < timedelta(days=365)
    assert fields == {
        "Contact": "mailto:security@tracker.example",
        "Preferred-Languages": "en",
        "Canonical": "https://tracker.example/.well-known/security.txt",
        "Policy": "https://tracker.example/security/",
    }


def test_without_a_contact_it_names_the_policys_page(client, settings):
    settings.CONTACT_EMAIL = ""
    text = client.get(SECURITY_TXT).content.decode()
    assert f"Contact: {settings.BASE_URL}/security/\n" in text


def test_it_cannot_be_posted_to(client):
    assert client.post(SECURITY_TXT).status_code == 405
