"""Sending an update for approval, and deciding on it, as the two people see it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.formats import date_format

from forces.accounts.memberships import add_membership
from forces.models import Role
from recommendations.actions.drafts import open_draft, save_draft
from recommendations.emails.alerts.alerts import create_alerts
from recommendations.models import Alert, Draft, OutboxEmail, Update
from recommendations.rules import london_day
from tests.factories import OfficerFactory, UserFactory
from tests.recommendations.api.conftest import token_of
from tests.recommendations.emails.examples import body_digest, rows_of
from tests.recommendations.pages.pages import hidden, text_of

pytestmark = pytest.mark.django_db
CHECK, APPROVAL = "/forces/kent/3/update/check/", "/forces/kent/3/approval/"


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def chief(world):
    return UserFactory(name="Ann Lee", role=Role.CHIEF_OFFICER, body=world.forces["Kent"])


@pytest.fixture
def clients(world, chief):
    """The client of the chief officer, who requires approval, and that of the officer."""
    officer, approver = client_of(world.officer), client_of(chief)
    page = approver.post("/forces/kent/approval/", {"required": "yes", "shown": "no"}, follow=True)
    assert "A chief officer approves each update." in page.content.decode()
    assignment = world.assignment("Kent", 3)
    draft = open_draft(assignment=assignment, by=world.officer, at=world.now)
    save_draft(
        draft=draft, version=draft.version, by=world.officer, at=world.now,
        status="in_progress", confidence="green", account="We began.",
        forecast_on=assignment.due_on,
    )  # fmt: skip
    return officer, approver


def send(officer, chief):
    page = officer.get(CHECK)
    return officer.post(CHECK, hidden(page) | {"approver": chief.pk}, follow=True)


def test_the_officer_sends_it_the_chief_officer_approves_it_and_both_get_one_email(
    world, chief, clients
):
    officer, approver = clients
    assert "Ann Lee gets an email" in send(officer, chief).content.decode()
    waiting = "Waiting for Ann Lee's approval since 25 November"
    for client in (officer, approver):
        for path in ("/forces/kent/3/", "/forces/kent/"):
            assert waiting in text_of(client.get(path)), path
    for _ in range(2):
        create_alerts(at=world.now)
    [email] = OutboxEmail.objects.filter(reader=chief)
    assert APPROVAL in email.content.text
    page = approver.get(APPROVAL)
    assert "We began." in page.content.decode()
    due_on = date_format(world.assignment("Kent", 3).due_on, "j F Y")
    assert re.search(rf"Due on <b>{due_on}</b>, \w", page.content.decode())
    assert "First update" in page.content.decode()
    done = approver.post(APPROVAL, hidden(page) | {"decision": "approved"}, follow=True)
    assert "Approved and submitted as KENT-R3-U1" in done.content.decode()
    assert Update.objects.get(approved_by=chief).submitted_by == world.officer
    late = approver.post(APPROVAL, hidden(page) | {"decision": "approved"})
    assert late.status_code == 409
    assert "Ann Lee approved this update" in late.content.decode()
    create_alerts(at=world.now)
    assert Alert.objects.filter(reader=world.officer, kind="approved").count() == 1


def test_a_return_needs_a_reason_which_the_officer_reads(world, chief, clients):
    officer, approver = clients
    send(officer, chief)
    page = approver.get(APPROVAL)
    without = approver.post(APPROVAL, hidden(page) | {"decision": "returned", "reason": ""})
    assert "Enter why you are returning the update" in without.content.decode()
    answer = {"decision": "returned", "reason": "Name the partner."}
    approver.post(APPROVAL, hidden(page) | answer)
    for path in ("/forces/kent/3/", CHECK):
        assert "Name the partner." in officer.get(path).content.decode()


def test_the_officer_takes_it_back_and_others_cannot_open_the_page(world, chief, clients):
    officer, _ = clients
    send(officer, chief)
    assert "Take it back" in officer.get(CHECK).content.decode()
    assert officer.get("/forces/kent/3/update/progress/").status_code == 200
    for person in (world.officer, world.analyst, world.observer):
        assert client_of(person).get(APPROVAL).status_code == 404
    page = officer.post("/forces/kent/3/approval/take-back/", follow=True)
    assert "You took the update back" in page.content.decode()
    assert not Draft.objects.get().is_waiting_for_approval


def test_a_chief_officer_is_reminded_once_after_three_working_days(world, chief, clients):
    send(clients[0], chief)
    later = Alert.objects.filter(reader=chief, kind="approval_late")
    for days, count in ((2, 0), (3, 0), (6, 1), (7, 1)):  # from a Wednesday
        create_alerts(at=world.now + timedelta(days=days))
        assert later.count() == count, days
        assert OutboxEmail.objects.filter(reader=chief).count() == (days in {2, 6}), days
        OutboxEmail.objects.all().delete()  # one that waits would hold back the next


def test_if_the_chosen_chief_officer_leaves_another_gets_the_email(world, chief, clients):
    send(clients[0], chief)
    other = UserFactory(name="Bo Rye", role=Role.CHIEF_OFFICER, body=world.forces["Kent"])
    create_alerts(at=world.now)
    assert not Alert.objects.filter(reader=other).exists()
    chief.is_active = False
    chief.save()
    create_alerts(at=world.now + timedelta(hours=1))
    [email] = OutboxEmail.objects.filter(reader=other)
    assert APPROVAL in email.content.text


def test_the_digest_and_the_api_say_who_approves(world, chief, clients):
    officer, approver = clients
    send(officer, chief)
    [row] = rows_of(body_digest(world), "Waiting for approval")
    assert row.note == "Waiting for Ann Lee's approval since 25 November."
    assert row.action.path == CHECK
    page = approver.get(APPROVAL)
    approver.post(APPROVAL, hidden(page) | {"decision": "approved"})
    bearer = {"Authorization": f"Bearer {token_of(world.officer)}"}
    items = Client().get("/api/v1/updates", headers=bearer).json()["items"]
    item = next(item for item in items if item["recommendation"] == 3)
    assert (item["signed_off_by"], item["is_approved_in_service"]) == ("Ann Lee", True)


def test_the_link_asks_for_a_sign_in_and_for_the_membership_that_approves(world, chief, clients):
    assert Client().get(APPROVAL).url == f"/accounts/sign-in/?next={APPROVAL}"
    send(clients[0], chief)
    person = OfficerFactory(body=world.forces["Essex"])
    membership = add_membership(
        person=person, body=world.forces["Kent"], role=Role.CHIEF_OFFICER,
        from_on=london_day(world.now), until_on=None, by=None, at=world.now,
    )  # fmt: skip
    client = client_of(person)
    assert client.get(APPROVAL).status_code == 404
    page = client.post(
        "/accounts/act-for/", {"membership": membership.pk, "next": APPROVAL}, follow=True
    )
    client.post(APPROVAL, hidden(page) | {"decision": "approved"})
    assert Update.objects.get(approved_by=person).submitted_by == world.officer


def test_somebody_who_becomes_a_chief_officer_does_not_approve_their_own(world, chief, clients):
    officer, _ = clients
    send(officer, chief)
    world.officer.role = Role.CHIEF_OFFICER
    world.officer.save()
    promoted = client_of(world.officer)  # a new role ends the sessions
    page = promoted.get(APPROVAL)
    answer = promoted.post(APPROVAL, hidden(page) | {"decision": "approved"})
    assert answer.status_code == 409
    assert "Only another chief officer of the force" in answer.content.decode()
    assert not Update.objects.filter(approved_by__isnull=False).exists()
