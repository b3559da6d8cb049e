"""An account begins with an invitation, which works once and for 72 hours."""

import re
import threading
from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forces.accounts import emails, invitations
from forces.models import AuditEvent, Invitation, Role, User
from tests.factories import ForceFactory, InspectionFactory, UserFactory
from tests.forces.accounts.factors import is_signed_in

pytestmark = pytest.mark.django_db
NEW = "violet otters juggle lanterns"
FIELDS = {"new_password1": NEW, "new_password2": NEW}


def invite(administrator, **fields) -> User:
    defaults = {"email": "jo@example.org", "name": "Jo Hale", "role": Role.OBSERVER, "body": None}
    invitation = invitations.invite(**defaults | fields, by=administrator, at=timezone.now())
    return invitation.person


def link() -> str:
    """The path of the link in the latest email."""
    emails.send_queued(at=timezone.now())
    return re.search(r"https?://[^/]+(/accounts/invitation/\S+)", mail.outbox[-1].body).group(1)


def test_an_invited_person_chooses_a_password_and_is_signed_in(administrator_client):
    force = ForceFactory(short_name="Kent")
    fields = {"name": "Jo", "email": "jo@example.org", "role": "liaison_officer", "body": force.pk}
    assert administrator_client.post(reverse("person_invite"), fields).status_code == 302
    guest, path = Client(), link()
    assert mail.outbox[-1].to == ["jo@example.org"]
    assert "liaison officer, Kent" in guest.get(path).text
    guest.post(path, FIELDS)
    assert is_signed_in(guest)
    assert User.objects.get(email="jo@example.org").check_password(NEW)
    assert AuditEvent.objects.filter(act="invitation accepted").exists()


def test_an_invitation_works_once(administrator):
    invite(administrator)
    path = link()
    Client().post(path, FIELDS)
    late = Client()
    assert late.get(path).status_code == 404
    assert late.post(path, FIELDS).status_code == 404
    assert not is_signed_in(late)


def test_opening_the_link_does_not_use_the_invitation(administrator):
    invite(administrator)
    path = link()
    for _ in range(3):
        assert Client().get(path).status_code == 200


def test_an_invitation_expires_after_72_hours(administrator):
    invite(administrator)
    path = link()
    early = timezone.now() - timedelta(hours=73)
    Invitation.objects.update(invited_at=early, expires_at=early + timedelta(hours=72))
    assert Client().get(path).status_code == 404


def test_a_new_invitation_withdraws_the_one_before(administrator, administrator_client):
    person = invite(administrator)
    old = link()
    administrator_client.post(reverse("person_invite_again", args=[person.pk]))
    new = link()
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200


def test_an_inactive_person_cannot_accept(administrator):
    person = invite(administrator)
    path = link()
    person.is_active = False
    person.save()
    assert Client().post(path, FIELDS).status_code == 404


def test_a_corrected_address_ends_the_invitation_to_the_wrong_one(administrator):
    person = invite(administrator)
    path = link()
    User.objects.filter(pk=person.pk).update(email="right@example.org")
    assert Client().get(path).status_code == 404


def test_a_person_with_single_sign_on_is_not_invited(administrator, administrator_client):
    person = invite(administrator)
    SocialAccount.objects.create(user=person, provider="single-sign-on", uid="1")
    page = administrator_client.post(
        reverse("person_invite_again", args=[person.pk]), follow=True
    ).text
    assert "signs in with single sign-on" in page


def test_an_email_that_fails_does_not_hold_up_others(administrator):
    invite(administrator)
    invite(administrator, email="second@example.org", name="Sec Ond")
    Invitation.objects.filter(person__name="Jo Hale").update(address="jo@example.org\nBcc: x")
    emails.send_queued(at=timezone.now())
    assert [message.to for message in mail.outbox] == [["second@example.org"]]


def test_a_weak_password_does_not_use_the_invitation(administrator):
    invite(administrator)
    path = link()
    weak = {"new_password1": "password1234", "new_password2": "password1234"}
    assert "harder to guess" in Client().post(path, weak).text
    assert Client().get(path).status_code == 200


def test_an_invited_analyst_must_set_up_a_second_factor(administrator):
    invite(administrator, role=Role.ANALYST)
    guest = Client()
    guest.post(link(), FIELDS)
    assert guest.get("/heatmap/").url.startswith(reverse("mfa_index"))


def test_the_secret_is_not_stored(administrator):
    invite(administrator)
    secret = link().split("/")[-2]
    (invitation,) = Invitation.objects.all()
    assert secret not in str(vars(invitation))


@pytest.mark.django_db(transaction=True)
def test_only_one_of_several_simultaneous_acceptances_succeeds():
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
    assert sum(is_signed_in(guest) for guest in guests) == 1


def test_an_address_that_looks_like_another_is_not_invited(administrator_client):
    fields = {"name": "Jo", "email": "jo@ex\N{CYRILLIC SMALL LETTER A}mple.org", "role": "observer"}
    page = administrator_client.post(reverse("person_invite"), fields)
    assert "letters a to z without accents" in page.text
    with pytest.raises(ValidationError, match="letters a to z"):
        invite(UserFactory(role=Role.ADMINISTRATOR), email=fields["email"])
    assert not Invitation.objects.exists()
