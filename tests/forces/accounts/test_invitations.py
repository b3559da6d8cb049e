"""An account begins with an invitation, which works once and for 72 hours."""

import re
import threading
from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forces.accounts import emails, invitations
from forces.models import AuditEvent, Invitation, Role, User
from tests.factories import ForceFactory, InspectionFactory, OfficerFactory, UserFactory
from tests.forces.accounts.factors import is_in

pytestmark = pytest.mark.django_db
NEW = "violet otters juggle lanterns"
FIELDS = {"new_password1": NEW, "new_password2": NEW}


@pytest.fixture
def administrator(db) -> User:
    InspectionFactory()
    return UserFactory(role=Role.ADMINISTRATOR)


@pytest.fixture
def desk(administrator) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


def invite(administrator, **fields) -> User:
    told = {"email": "jo@example.org", "name": "Jo Hale", "role": Role.OBSERVER, "body": None}
    invitation = invitations.invite(**told | fields, by=administrator, at=timezone.now())
    return invitation.person


def link() -> str:
    """The one of the latest mail, as a path."""
    emails.send_waiting(at=timezone.now())
    return re.search(r"https?://[^/]+(/accounts/invitation/\S+)", mail.outbox[-1].body).group(1)


def test_an_administrator_invites_and_the_person_comes_in(desk):
    force = ForceFactory(short_name="Kent")
    fields = {"name": "Jo", "email": "jo@example.org", "role": "liaison_officer", "body": force.pk}
    assert desk.post(reverse("person_invite"), fields).status_code == 302
    guest, path = Client(), link()
    assert mail.outbox[-1].to == ["jo@example.org"]
    assert "liaison officer, Kent" in guest.get(path).text
    guest.post(path, FIELDS)
    assert is_in(guest)
    assert User.objects.get(email="jo@example.org").check_password(NEW)
    assert AuditEvent.objects.filter(act="invitation accepted").exists()


def test_it_works_once(administrator):
    invite(administrator)
    path = link()
    Client().post(path, FIELDS)
    late = Client()
    assert late.get(path).status_code == 404
    assert late.post(path, FIELDS).status_code == 404
    assert not is_in(late)


def test_looking_at_it_uses_nothing_up(administrator):
    invite(administrator)
    path = link()
    for _ in range(3):
        assert Client().get(path).status_code == 200


def test_it_ends_after_72_hours(administrator):
    invite(administrator)
    path = link()
    early = timezone.now() - timedelta(hours=73)
    Invitation.objects.update(invited_at=early, expires_at=early + timedelta(hours=72))
    assert Client().get(path).status_code == 404


def test_a_newer_one_ends_the_one_before(administrator, desk):
    person = invite(administrator)
    old = link()
    desk.post(reverse("person_invite_again", args=[person.pk]))
    new = link()
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200


def test_who_has_left_does_not_come_in(administrator):
    person = invite(administrator)
    path = link()
    person.is_active = False
    person.save()
    assert Client().post(path, FIELDS).status_code == 404


def test_a_mended_address_ends_what_was_sent_to_the_wrong_one(administrator):
    person = invite(administrator)
    path = link()
    User.objects.filter(pk=person.pk).update(email="right@example.org")
    assert Client().get(path).status_code == 404


def test_who_comes_by_single_sign_on_is_not_invited(administrator, desk):
    person = invite(administrator)
    SocialAccount.objects.create(user=person, provider="single-sign-on", uid="1")
    page = desk.post(reverse("person_invite_again", args=[person.pk]), follow=True).text
    assert "comes in by single sign-on" in page


def test_a_mail_that_fails_holds_up_no_other(administrator):
    invite(administrator)
    invite(administrator, email="second@example.org", name="Sec Ond")
    Invitation.objects.filter(person__name="Jo Hale").update(address="jo@example.org\nBcc: x")
    User.objects.filter(name="Jo Hale").update(email="jo@example.org\nBcc: x")
    emails.send_waiting(at=timezone.now())
    assert [message.to for message in mail.outbox] == [["second@example.org"]]


def test_a_weak_password_is_refused_and_uses_nothing_up(administrator):
    invite(administrator)
    path = link()
    weak = {"new_password1": "password1234", "new_password2": "password1234"}
    assert "harder to guess" in Client().post(path, weak).text
    assert Client().get(path).status_code == 200


def test_an_analyst_who_is_invited_must_set_up_a_second_factor(administrator):
    invite(administrator, role=Role.ANALYST)
    guest = Client()
    guest.post(link(), FIELDS)
    assert guest.get("/heatmap/").url.startswith(reverse("mfa_index"))


def test_the_secret_is_kept_nowhere(administrator):
    invite(administrator)
    secret = link().split("/")[-2]
    (kept,) = Invitation.objects.all()
    assert secret not in str(vars(kept))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "TAKEN@example.org"}, "Another person already has this email address"),
        ({"email": "not an address"}, "correct format"),
        ({"role": "liaison_officer", "body": ""}, "Select the body"),
        ({"role": "emperor"}, "Select"),
        ({"name": ""}, "Enter the person"),
    ],
)
def test_bad_input_is_said_beside_the_field_and_invites_nobody(desk, fields, words):
    OfficerFactory(email="taken@example.org")
    before = User.objects.count()
    typed = {"name": "Jo", "email": "jo@example.org", "role": "observer", "body": ""} | fields
    answer = desk.post(reverse("person_invite"), typed)
    assert answer.status_code == 200
    assert words in answer.text
    assert User.objects.count() == before


@pytest.mark.parametrize("role", [Role.ANALYST, Role.OBSERVER])
def test_nobody_else_invites(client, role):
    InspectionFactory()
    client.force_login(UserFactory(role=role))
    assert client.get(reverse("person_invite")).status_code == 404


def test_a_lost_second_factor_is_removed_by_another_administrator(desk, administrator):
    from tests.forces.accounts.factors import factors_of, has_app

    has_app(analyst := UserFactory(has_second_factor=False))
    desk.post(reverse("person_factors", args=[analyst.pk]))
    assert factors_of(analyst) == set()
    has_app(administrator)
    desk.post(reverse("person_factors", args=[administrator.pk]))
    assert factors_of(administrator) == {"totp"}


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_once_one_comes_in():
    InspectionFactory()
    invite(UserFactory(role=Role.ADMINISTRATOR))
    path, start = link(), threading.Barrier(3)
    guests = [Client() for _ in range(3)]

    def accept(guest: Client) -> None:
        start.wait()
        guest.post(path, FIELDS)
        connection.close()

    threads = [threading.Thread(target=accept, args=[guest]) for guest in guests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(is_in(guest) for guest in guests) == 1
