"""Whether emails reach people, as an administrator sees it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forces.models import AuditEvent, Role
from recommendations.emails.digests.ledger import create_digests
from recommendations.emails.digests.week import Week
from recommendations.models import EmailPreference, OutboxEmail
from recommendations.rules import london_day
from tests.factories import UserFactory
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
    bounced = text_of(administrator.get("/people/?show=bouncing"))
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
