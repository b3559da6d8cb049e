import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.views.defaults import server_error

from tests.factories import UserFactory


@pytest.mark.django_db
def test_a_page_that_does_not_exist_has_the_layout_of_the_service(client):
    client.force_login(UserFactory())
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "Page not found" in response.content.decode()


@pytest.mark.django_db
def test_a_form_without_a_token_is_explained():
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("login"), {"login": "a", "password": "b"})
    assert response.status_code == 403
    assert "<h1" in response.content.decode()


def test_the_page_for_a_failure_needs_no_database(rf, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("the page used the database")

    monkeypatch.setattr(connections["default"], "cursor", refuse)
    page = server_error(rf.get("/"))
    assert page.status_code == 500
    assert b"<h1" in page.content
