"""The list of people, as an administrator sees it."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forces.models import AuditEvent, Role
from recommendations.emails.digests.ledger import create_digests
from recommendations.emails.digests.week import Week
from recommendations.models import EmailPreference, OutboxEmail
from recommendations.rules import london_day
from tests.factories import OfficerFactory, UserFactory
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client, world):
    client.force_login(world.administrator)
    return client


@pytest.fixture
def _bounced(world) -> None:
    EmailPreference.objects.create(
        reader=world.officer,
        rejections=3,
        rejected_address=world.officer.email,
        bouncing_since=world.now,
        last_rejection="550 unknown",
    )


@pytest.mark.usefixtures("_bounced")
def test_people_whose_emails_bounced_can_be_listed(administrator):
    page = text_of(administrator.get("/people/"))
    assert "Emails to 1 address have bounced." in page
    bounced = text_of(administrator.get("/people/?emails=bounced"))
    assert "Kay Ent" in bounced
    assert "Ana Lyst" not in bounced
    assert "Lea Der" not in text_of(administrator.get("/people/?name=kay"))


def test_an_address_is_shown_as_working_only_if_it_accepted_an_email(administrator, world):
    def page() -> str:
        return text_of(administrator.get("/people/?name=kay"))

    assert "No bounced emails." in page()
    assert "No recent emails" in page()
    create_digests(week=Week.of(london_day(world.now)), at=world.now)
    assert "No recent emails" in page()
    OutboxEmail.objects.update(state="sent", sent_at=world.now)
    assert "Delivered" in page()
    world.officer.email = "another@example.org"
    world.officer.save()
    assert "No recent emails" in page()
    EmailPreference.objects.create(
        reader=world.officer, rejections=1, rejected_address=world.officer.email
    )
    assert "1 email rejected in a row" in page()


@pytest.mark.usefixtures("_bounced")
def test_an_administrator_resets_the_count_of_rejections(administrator, world):
    path = f"/people/{world.officer.pk}/"
    assert "550 unknown" in text_of(administrator.get(path))
    administrator.post(path, {"act": "trust"})
    assert EmailPreference.objects.get().bouncing_since is None
    assert AuditEvent.objects.filter(act="address trusted again").count() == 1


def test_more_people_need_no_more_queries(administrator):
    def count_queries() -> int:
        with CaptureQueriesContext(connection) as queries:
            administrator.get("/people/")
        return len(queries)

    few = count_queries()
    for _ in range(30):
        EmailPreference.objects.create(reader=UserFactory(role=Role.OBSERVER))
    assert count_queries() == few


def test_the_list_has_the_london_day_of_the_last_sign_in(administrator, world):
    world.officer.last_login = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # 00:30 in London
    world.officer.save()
    page = text_of(administrator.get("/people/?name=kay"))
    assert ">2 Jul<" in page
    assert "Never" not in page


def test_forces_without_an_active_liaison_officer_are_named(administrator, world):
    def sentence() -> str:
        page = text_of(administrator.get("/people/"))
        found = re.search(r"\d+ forces? ha.*?\.</p>", re.sub("</?a[^>]*>", "", page))
        return found[0].removesuffix("</p>") if found else ""

    assert sentence() == "1 force has no liaison officer: Norfolk."
    world.officer.is_active = False
    world.officer.save()
    UserFactory(role=Role.CHIEF_OFFICER, body=world.forces["Norfolk"])
    assert sentence() == "2 forces have no liaison officer: Kent, Norfolk."
    OfficerFactory(body=world.forces["Norfolk"])
    assert sentence() == "1 force has no liaison officer: Kent."


@pytest.mark.usefixtures("_bounced")
def test_filters_add_up(administrator):
    left = text_of(administrator.get("/people/", {"account": "left", "emails": "bounced"}))
    assert "No people found" in left


@pytest.mark.parametrize("sort", ["name", "email", "role", "organisation", "last_sign_in"])
def test_people_are_sorted_both_ways(administrator, world, sort):
    world.officer.last_login = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    world.officer.save()

    def names(order: str) -> list[str]:
        rows = administrator.get("/people/", {"sort": order}).context["rows"]
        return [row.person.name for row in rows]

    assert sorted(names(sort)) == sorted(names(f"-{sort}"))
    assert names(sort)[0] != names(f"-{sort}")[0]
