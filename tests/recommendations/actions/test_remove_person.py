"""A removed person is in no table, and what they did does not change."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse

from forces.audit_check import check_trail
from forces.models import ApiToken, AuditEvent, CalendarFeed, Departure, Role, User
from forces.refusal import Refusal
from recommendations.actions.api_tokens import create_token
from recommendations.actions.calendar_feeds import create_calendar_feed
from recommendations.actions.drafts import open_draft, save_draft
from recommendations.actions.email_preferences import set_email_preferences
from recommendations.actions.record_visit import record_visit
from recommendations.actions.remove_person import remove_person
from recommendations.actions.resend_digests import send_test_email
from recommendations.actions.saved_views import save_view
from recommendations.emails.digests.ledger import create_digests
from recommendations.emails.digests.week import Week
from recommendations.emails.outbox.sending import send_waiting
from recommendations.models import Digest, Draft, EmailPreference, OutboxEmail, Update
from recommendations.positions import positions
from recommendations.rules import london_day
from tests.factories import UserFactory
from tests.world import World, make_world


def remove(world: World, person: User, by: User | None = None) -> None:
    remove_person(person=person, by=by or world.administrator, at=world.now)
    person.refresh_from_db()


def create_data(world: World) -> None:
    """Create everything that can hold data about the officer of Kent."""
    officer, now = world.officer, world.now
    draft = open_draft(assignment=world.assignment("Kent", 2), by=officer, at=now)
    save_draft(draft=draft, version=draft.version, by=officer, at=now, account="Half a page.")
    save_view(name="Mine", address="/heatmap/", is_pinned=False, is_shared=True, by=officer, at=now)
    create_token(name="Sheet", lasts=timedelta(days=9), by=officer, at=now)
    create_calendar_feed(body=world.forces["Kent"], by=officer, at=now)
    set_email_preferences(reader=officer, weekly="always", at_once=False, by=officer, at=now)
    EmailPreference.objects.filter(reader=officer).update(
        rejected_address=officer.email, rejections=1
    )
    record_visit(by=officer, at=now)
    create_digests(week=Week.of(london_day(now)), at=now)
    content = OutboxEmail.objects.filter(reader=officer).get().content
    send_test_email(content=content, name=officer.name, to=world.administrator, at=now)
    OutboxEmail.objects.filter(kind="test").update(state="sent", sent_at=now)
    OutboxEmail.objects.filter(reader=officer).update(last_error=f"550 {officer.email} unknown")
    client = Client()
    client.force_login(world.administrator)
    path = reverse("admin:forces_user_change", args=[officer.pk])
    changed = {"role": officer.role, "body": officer.body_id, "is_active": "on"}
    client.post(path, changed | {"name": officer.name, "email": "kay.ent@example.org"})
    client.post(path, changed | {"name": "Kay Ent-Hale", "email": "kay.hale@example.org"})
    Client().force_login(officer)
    officer.refresh_from_db()


def tables_containing(text: str) -> list[str]:
    """The tables that have the text in any column of any row, ignoring case."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text ILIKE %s", [f"%{text}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


@pytest.mark.django_db
class TestRemovePerson:
    def test_no_table_has_the_name_or_address_afterwards(self, world):
        create_data(world)
        assert world.officer.name == "Kay Ent-Hale"
        assert "forces_user" in tables_containing("Kay Ent")
        assert "recommendations_outboxmail" in tables_containing("Kay Ent")
        remove(world, world.officer)
        assert tables_containing("Kay Ent") == []
        assert tables_containing("kay.ent") == tables_containing("kay.hale") == []
        number = world.officer.pk
        assert world.officer.name == f"Former liaison officer {number}"
        assert world.officer.email == f"removed-{number}@removed.invalid"

    def test_what_the_person_did_does_not_change(self, world):
        create_data(world)
        updates = list(Update.objects.order_by("pk").values())
        events = list(AuditEvent.objects.order_by("position").values())
        remove(world, world.officer)
        assert list(Update.objects.order_by("pk").values()) == updates
        assert list(AuditEvent.objects.order_by("position").values())[: len(events)] == events
        assert check_trail().findings == ()
        assert positions.mismatched_ids() == []
        assert Draft.objects.get().account == "Half a page."  # colleagues can continue it
        assert Digest.objects.filter(reader=world.officer).exists()  # so that it is not sent again

    def test_the_audit_trail_records_it_without_a_name(self, world):
        remove(world, world.officer)
        acts = AuditEvent.objects.filter(subject_type="user", subject_id=str(world.officer.pk))
        assert list(acts.order_by("position").values_list("act", "actor", "details"))[-2:] == [
            ("account closed", world.administrator.pk, {}),
            ("person removed", world.administrator.pk, {}),
        ]

    def test_the_person_is_signed_out_and_loses_tokens_and_addresses(self, world):
        client = Client()
        client.force_login(world.officer)
        other = Client()
        other.force_login(world.analyst)
        create_data(world)
        remove(world, world.officer)
        assert client.get(reverse("heatmap")).status_code == 302
        assert other.get(reverse("heatmap")).status_code == 200
        assert Session.objects.count() == 2  # the analyst's and the administrator's
        assert not world.officer.is_active
        assert not world.officer.has_usable_password()
        assert not ApiToken.objects.exists()
        assert not CalendarFeed.objects.exists()

    def test_waiting_emails_are_not_sent(self, world):
        create_data(world)
        OutboxEmail.objects.exclude(reader=world.officer).delete()
        remove(world, world.officer)
        assert send_waiting().sent == 0
        assert OutboxEmail.objects.get(reader=world.officer).state == "expired"

    def test_a_new_account_can_have_the_address(self, world):
        old = world.officer.email
        remove(world, world.officer)
        assert UserFactory(email=old).pk != world.officer.pk

    def test_the_revision_changes(self, world):
        before = world.inspection.revision
        remove(world, world.officer)
        world.inspection.refresh_from_db()
        assert world.inspection.revision > before

    def test_it_cannot_be_undone_or_repeated(self, world, client):
        remove(world, world.officer)
        client.force_login(world.administrator)
        path = reverse("admin:forces_user_change", args=[world.officer.pk])
        fields = {"name": "Kay", "email": "k@example.org", "is_active": "on"}
        assert client.post(path, fields | {"role": Role.OBSERVER}).status_code == 404
        with pytest.raises(Refusal, match="already been removed"):
            remove(world, world.officer)


@pytest.mark.django_db
class TestRefusals:
    def test_nobody_removes_themselves(self, world):
        UserFactory(role=Role.ADMINISTRATOR)
        with pytest.raises(Refusal, match="cannot remove yourself"):
            remove(world, world.administrator)
        assert world.administrator.is_active

    def test_the_last_administrator_cannot_be_removed(self, world):
        with pytest.raises(Refusal, match="last administrator"):
            remove_person(person=world.administrator, by=None, at=world.now)

    def test_a_former_administrator_removes_nobody(self, world):
        UserFactory(role=Role.ADMINISTRATOR)
        User.objects.filter(pk=world.administrator.pk).update(is_active=False)
        with pytest.raises(Refusal, match="closed while you were working"):
            remove(world, world.officer)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_remove_each_other():
    world = make_world()
    pair = [world.administrator, UserFactory(role=Role.ADMINISTRATOR)]

    def attempt(which: int) -> bool:
        try:
            remove_person(person=pair[1 - which], by=pair[which], at=world.now)
        except Refusal:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, [0, 1])) == [False, True]
    assert User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).count() == 1
    assert Departure.objects.count() == 1
