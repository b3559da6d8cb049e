"""What every page carries, and the pages for what went wrong."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import PASSWORD, InspectionFactory, OfficerFactory, UserFactory


@pytest.mark.django_db
class TestEveryPage:
    @pytest.mark.parametrize(
        "name", ["accessibility", "cookies", "privacy", "help", "security", "login"]
    )
    def test_the_public_pages_are_open_to_all(self, client, name):
        page = client.get(reverse(name))
        assert page.status_code == 200
        assert len(re.findall(r"<h1\b", page.content.decode())) == 1

    def test_the_policy_forbids_inline_styles_scripts_and_other_hosts(self, client):
        policy = client.get(reverse("login"))["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "style-src 'self'" in policy
        assert re.search(r"script-src 'self' 'nonce-[^']+'", policy)
        assert not re.search(r"https?://", policy)

    def test_no_browser_keeps_a_page(self, client):
        client.force_login(UserFactory())
        answer = client.get(reverse("recommendations"))
        assert "no-store" in answer["Cache-Control"]
        assert "HX-Request" in answer["Vary"]

    def test_demonstration_data_say_so(self, client):
        client.force_login(UserFactory())
        InspectionFactory(is_synthetic=True)
        assert "Demonstration data" in client.get(reverse("help")).content.decode()

    def test_real_data_carry_no_such_label(self, client):
        InspectionFactory(is_synthetic=False)
        assert "Demonstration data" not in client.get(reverse("login")).content.decode()

    def test_navigation_shows_what_a_person_may_open(self, client):
        client.force_login(OfficerFactory())
        page = client.get(reverse("help")).content.decode()
        assert "My force" in page
        assert "Reviews" not in page
        assert "Administration" not in page
        assert 'aria-label="In this section"' not in page

    def test_a_section_with_several_pages_names_them_where_one_is_open(self, client):
        client.force_login(UserFactory())
        page = client.get(reverse("deadlines")).content.decode()
        inside = page.partition('aria-label="In this section"')[2].partition("</nav>")[0]
        assert re.findall(r">(\w[^<]*)</a>", inside) == [
            "Claims",
            "Questions",
            "Deadlines",
            "Import",
        ]
        assert 'aria-current="page" href="/deadlines/">Deadlines' in inside
        sections = page.partition('aria-label="Menu"')[2].partition("</nav>")[0]
        assert 'aria-current="true"><strong' in sections
        assert sections.count("aria-current") == 1


@pytest.mark.django_db
def test_the_cookies_page_names_every_cookie_that_is_set(client):
    """Without https, as here, they have no `__Host-` in front."""
    person = UserFactory()
    client.get(reverse("login"))
    client.post(reverse("login"), {"login": person.email, "password": PASSWORD})
    client.get(reverse("your_data"))
    page = client.get(reverse("cookies")).content.decode()
    assert {"sessionid", "csrftoken", "device"} <= set(client.cookies)
    assert not [name for name in client.cookies if f"{name}</th>" not in page]


@pytest.mark.django_db
class TestErrors:
    def test_what_is_not_there_says_so_in_the_service_s_look(self, client):
        client.force_login(UserFactory())
        answer = client.get("/nowhere/")
        assert answer.status_code == 404
        assert "Page not found" in answer.content.decode()

    def test_an_old_form_is_explained(self):
        client = Client(enforce_csrf_checks=True)
        answer = client.post(reverse("login"), {"login": "a", "password": "b"})
        assert answer.status_code == 403
        assert "<h1" in answer.content.decode()

    @pytest.mark.parametrize("path", ["/admin/", "/admin/forces/user/"])
    def test_the_admin_does_not_open_for_analysts(self, client, path):
        client.force_login(UserFactory())
        assert client.get(path).status_code in {302, 404}


def test_the_page_for_a_failure_needs_no_database(rf, monkeypatch):
    from django.views.defaults import server_error

    def refuse(*_, **__):
        raise AssertionError("the page asked the database")

    monkeypatch.setattr(connections["default"], "cursor", refuse)
    page = server_error(rf.get("/"))
    assert page.status_code == 500
    assert b"<h1" in page.content


class TestSecurityTxt:
    def test_says_where_to_report_a_weakness_until_when(self, client, settings):
        settings.CONTACT_EMAIL = "security@tracker.example"
        settings.BASE_URL = "https://tracker.example"
        answer = client.get("/.well-known/security.txt")
        assert answer.status_code == 200
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
        ahead = datetime.fromisoformat(fields.pop("Expires")) - timezone.now()
        assert timedelta(days=30) < ahead < timedelta(days=365)
        assert fields == {
            "Contact": "mailto:security@tracker.example",
            "Preferred-Languages": "en",
            "Canonical": "https://tracker.example/.well-known/security.txt",
            "Policy": "https://tracker.example/security/",
        }

    def test_without_an_address_names_the_page_of_the_policy(self, client, settings):
        settings.CONTACT_EMAIL = ""
        text = client.get("/.well-known/security.txt").content.decode()
        assert f"Contact: {settings.BASE_URL}/security/\n" in text

    def test_takes_nothing(self, client):
        assert client.post("/.well-known/security.txt").status_code == 405
