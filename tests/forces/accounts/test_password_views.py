"""Changing and resetting a password."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forces.accounts import emails
from forces.email_headers import AUTOMATIC_EMAIL_HEADERS
from forces.models import AuditEvent
from tests.factories import (
    PASSWORD,
    InspectionFactory,
    OfficerFactory,
    UserFactory,
)
from tests.forces.accounts.factors import is_signed_in, type_password

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "a longer and better password"


def test_the_password_can_be_changed(client):
    user = UserFactory()
    client.force_login(user)
    fields = {"old_password": PASSWORD}
    fields |= {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    assert client.post(reverse("password_change"), fields).url == reverse("password_change_done")
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)
    assert AuditEvent.objects.get(act="password changed").actor == user


def send_emails() -> None:
    emails.send_queued(at=timezone.now())


def test_a_reset_link_works_once(client):
    InspectionFactory()
    user = OfficerFactory()
    client.post(reverse("password_reset"), {"email": user.email.upper()})
    send_emails()
    (message,) = mail.outbox
    assert AUTOMATIC_EMAIL_HEADERS.items() <= message.extra_headers.items()
    link = re.search(r"https?://[^/]+(/accounts/reset/\S+)", message.body).group(1)
    form = client.get(link, follow=True)
    fields = {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    done = client.post(form.redirect_chain[-1][0], fields)
    assert done.url == reverse("password_reset_complete")
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)
    assert AuditEvent.objects.get(act="password reset").actor == user
    assert "link" in client.get(link, follow=True).content.decode().lower()
    assert client.get(link).status_code == 200  # no second form: the link was used
    send_emails()
    assert "Your password was changed" in mail.outbox[-1].body


@pytest.mark.parametrize("who", ["nobody", "invited", "left"])
def test_an_address_without_a_password_gets_no_email_but_the_same_page(client, who):
    person = UserFactory(is_active=who != "left")
    if who == "invited":
        person.set_unusable_password()
        person.save()
    email = "nobody@example.org" if who == "nobody" else person.email
    response = client.post(reverse("password_reset"), {"email": email})
    assert response.url == reverse("password_reset_done")
    send_emails()
    assert mail.outbox == []


def test_reset_emails_to_one_address_are_limited(client):
    user = UserFactory()
    for _ in range(6):
        assert client.post(reverse("password_reset"), {"email": user.email}).status_code == 302
    send_emails()
    assert len(mail.outbox) == 3


def test_a_new_password_ends_all_other_sessions(client):
    user = UserFactory()
    elsewhere = Client()
    elsewhere.force_login(user)
    client.force_login(user)
    fields = {"old_password": PASSWORD}
    fields |= {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    client.post(reverse("password_change"), fields)
    assert client.get(reverse("sessions")).status_code == 200
    assert elsewhere.get(reverse("sessions")).status_code == 302


def test_after_a_new_password_the_current_session_is_still_listed(signed_in, officer):
    fields = {
        "old_password": PASSWORD,
        "new_password1": NEW_PASSWORD,
        "new_password2": NEW_PASSWORD,
    }
    signed_in.post(reverse("password_change"), fields)
    assert "This device" in signed_in.get(reverse("sessions")).text
    other = Client()
    type_password(other, officer, NEW_PASSWORD)
    other.post(reverse("sessions"), {"session": "all"})
    assert not is_signed_in(signed_in)
