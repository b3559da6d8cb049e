"""Signing in and out, and passwords."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forces.accounts import emails
from forces.models import AuditEvent
from tests.factories import PASSWORD, InspectionFactory, OfficerFactory, UserFactory

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "a longer and better password"


def sign_in(client, email, password=PASSWORD, **query):
    data = {"login": email, "password": password}
    return client.post(reverse("login", query=query), data)


def test_every_page_but_the_public_ones_leads_to_sign_in_and_back(client):
    answer = client.get("/heatmap/?as_at=2026-10-01")
    assert answer.status_code == 302
    assert answer.url == "/accounts/sign-in/?next=/heatmap/%3Fas_at%3D2026-10-01"


def test_a_person_signs_in_with_the_address_in_any_case_and_lands_where_they_wanted(client):
    UserFactory(email="kim@example.org")
    answer = sign_in(client, "KIM@Example.ORG", next="/recommendations/")
    assert answer.url == "/recommendations/"
    assert AuditEvent.objects.get().act == "signed in"


def test_a_link_to_another_site_is_not_followed_after_sign_in(client):
    user = UserFactory()
    assert sign_in(client, user.email, next="https://elsewhere.example.com/").url == "/"


@pytest.mark.parametrize("email", ["kim@example.org", "nobody@example.org"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_words(client, email):
    UserFactory(email="kim@example.org")
    page = sign_in(client, email, "wrong password").content.decode()
    assert "Enter the email address and password of your account" in page
    assert "wrong password" not in page
    assert f'value="{email}"' in page
    assert AuditEvent.objects.get().act == "sign-in refused"


def test_who_has_left_cannot_sign_in(client):
    user = UserFactory(is_active=False)
    assert sign_in(client, user.email).status_code == 200
    assert "_auth_user_id" not in client.session


def test_signing_out_takes_a_button_not_a_link(client):
    client.force_login(UserFactory())
    assert client.get(reverse("logout")).status_code == 405
    assert client.post(reverse("logout")).status_code == 302
    assert client.get("/heatmap/").status_code == 302
    assert AuditEvent.objects.filter(act="signed out").exists()


def test_a_new_password_must_be_long_and_not_common(client):
    user = UserFactory()
    client.force_login(user)
    fields = {"old_password": PASSWORD, "new_password1": "short", "new_password2": "short"}
    page = client.post(reverse("password_change"), fields).content.decode()
    assert "at least 12 characters" in page


def test_the_password_can_be_changed(client):
    user = UserFactory()
    client.force_login(user)
    fields = {"old_password": PASSWORD}
    fields |= {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    assert client.post(reverse("password_change"), fields).url == reverse("password_change_done")
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)
    assert AuditEvent.objects.get(act="password changed").actor == user


def mail_is_sent() -> None:
    emails.send_waiting(at=timezone.now())


def test_a_reset_link_sets_a_password_once(client):
    InspectionFactory()
    user = OfficerFactory()
    client.post(reverse("password_reset"), {"email": user.email.upper()})
    mail_is_sent()
    (message,) = mail.outbox
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
    mail_is_sent()
    assert "the password" in mail.outbox[-1].body  # and its person is told


@pytest.mark.parametrize("who", ["nobody", "invited", "left"])
def test_an_address_without_a_password_gets_no_mail_and_the_same_page(client, who):
    person = UserFactory(is_active=who != "left")
    if who == "invited":
        person.set_unusable_password()
        person.save()
    email = "nobody@example.org" if who == "nobody" else person.email
    answer = client.post(reverse("password_reset"), {"email": email})
    assert answer.url == reverse("password_reset_done")
    mail_is_sent()
    assert mail.outbox == []


def test_one_address_is_not_flooded_with_reset_mail(client):
    user = UserFactory()
    for _ in range(6):
        assert client.post(reverse("password_reset"), {"email": user.email}).status_code == 302
    mail_is_sent()
    assert len(mail.outbox) == 3


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "county lines 2020",
        "qwertyuiop12",
        "P@ssw0rd2024",
        "aaaaaaaaaaaa",
        "x" * 129,
    ],
)
def test_a_password_that_lists_would_find_is_refused(client, password):
    user = UserFactory()
    client.force_login(user)
    fields = {"old_password": PASSWORD, "new_password1": password, "new_password2": password}
    client.post(reverse("password_change"), fields)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_new_password_ends_the_sessions_elsewhere(client):
    user = UserFactory()
    elsewhere = Client()
    elsewhere.force_login(user)
    client.force_login(user)
    fields = {"old_password": PASSWORD}
    fields |= {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    client.post(reverse("password_change"), fields)
    assert client.get(reverse("sessions")).status_code == 200
    assert elsewhere.get(reverse("sessions")).status_code == 302
