import re

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from countylines.navigation import navigation
from tests.factories import OfficerFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_it_shows_only_what_the_person_may_open(client):
    client.force_login(OfficerFactory())
    page = client.get(reverse("help")).content.decode()
    assert "My force" in page
    assert "Reviews" not in page
    assert "Administration" not in page
    assert 'aria-label="In this section"' not in page


def test_a_section_with_several_pages_lists_them_if_one_is_open(client):
    client.force_login(UserFactory())
    page = client.get(reverse("deadlines")).content.decode()
    assert "waiting" not in page.partition('aria-label="Menu"')[2].partition("</nav>")[0]
    inside = page.partition('aria-label="In this section"')[2].partition("</nav>")[0]
    assert re.findall(r">(\w[^<]*)</a>", inside) == ["Claims", "Questions", "Deadlines", "Import"]
    assert 'aria-current="page" href="/deadlines/">Deadlines' in inside
    sections = page.partition('aria-label="Menu"')[2].partition("</nav>")[0]
    assert 'aria-current="true"><strong' in sections
    assert sections.count("aria-current") == 1


def test_a_section_of_one_page_that_it_is_not_named_after_has_the_name_of_the_page(world):
    request = RequestFactory().get(reverse("help"))
    names = {}
    for reader in (world.observer, world.officer):
        request.user = reader
        names[reader] = [item.text for item in navigation(request).sections]
    assert names[world.observer][-1] == "Downloads"
    assert names[world.officer][-1] == "Changes"


def test_a_section_shows_the_sum_of_what_waits_at_its_pages():
    request = RequestFactory().get(reverse("deadlines"))
    request.user = UserFactory()
    shown = navigation(request, {"reviews": 72, "deadlines": 2})
    assert {item.text: item.count for item in shown.sections if item.count} == {"Reviews": 74}
    assert [item.count for item in shown.pages] == [72, 0, 2, 0]


def test_what_waits_is_counted_once_a_revision_and_not_for_others(client, world):
    client.force_login(world.analyst)
    page = client.get(reverse("help")).content.decode()
    assert 'Reviews<span class="app-count">1' in page
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("deadlines"))
    assert not [query for query in queries if "recommendations_question q" in query["sql"]]
    for person in (world.observer, world.administrator):
        client.force_login(person)
        assert "app-count" not in client.get(reverse("help")).content.decode()
