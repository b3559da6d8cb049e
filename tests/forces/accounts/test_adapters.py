"""Signing in with a second factor, and what a response shows about accounts."""

import time

import pytest
from allauth.mfa.internal.flows.trust import (
    IssuedTrust,
    create_config_fingerprint,
    encode_trust_cookie,
)
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from forces.models import AccountEmail, AuditEvent
from tests.factories import PASSWORD, InspectionFactory, OfficerFactory, UserFactory
from tests.forces.accounts.factors import (
    current_code,
    factors_of,
    is_signed_in,
    recovery_codes,
    set_up_app,
    type_code,
    type_password,
)

pytestmark = pytest.mark.django_db


def test_the_password_alone_is_not_enough(client, analyst):
    set_up_app(analyst)
    assert type_password(client, analyst).url == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    for path in ("/", "/heatmap/", reverse("mfa_index"), reverse("mfa_activate_totp")):
        assert client.get(path).url.startswith(reverse("login")), path


def test_the_code_leads_to_the_requested_page(client, analyst):
    set_up_app(analyst)
    type_password(client, analyst, next="/recommendations/")
    assert type_code(client, current_code()).url == "/recommendations/"
    assert is_signed_in(client)
    assert AuditEvent.objects.get(act="signed in").details["by"] == ["password", "totp"]


def test_the_code_page_needs_the_password_first(client, analyst):
    set_up_app(analyst)
    assert client.get(reverse("mfa_authenticate")).url.startswith(reverse("login"))
    assert type_code(client, current_code()).url.startswith(reverse("login"))
    assert not is_signed_in(client)


def test_another_person_s_code_is_refused(client, analyst):
    set_up_app(analyst)
    set_up_app(other := UserFactory())
    type_password(client, analyst)
    other_code = recovery_codes(other)[0]
    type_code(client, other_code)
    assert not is_signed_in(client)


def test_a_known_device_still_needs_the_code(client, analyst):
    """Neither our cookie of known devices nor allauth's own trust cookie replaces it."""
    set_up_app(analyst)
    type_password(client, analyst)
    type_code(client, current_code())
    client.post(reverse("logout"))
    assert "device" in client.cookies
    trust = IssuedTrust(fingerprint=create_config_fingerprint(analyst), at=int(time.time()))
    client.cookies["mfa_trusted"] = encode_trust_cookie([trust])
    assert type_password(client, analyst).url == reverse("mfa_authenticate")
    assert not is_signed_in(client)


def test_signing_in_gives_the_session_a_new_key(client, analyst):
    set_up_app(analyst)
    client.get(reverse("login"))
    type_password(client, analyst)
    before = client.session.session_key
    type_code(client, current_code())
    assert client.session.session_key != before


def test_removing_the_app_needs_the_password_and_a_new_second_factor(client, analyst):
    set_up_app(analyst)
    type_password(client, analyst)
    type_code(client, current_code())
    remove = reverse("mfa_deactivate_totp")
    assert client.post(remove).url.startswith(reverse("account_reauthenticate"))
    again = reverse("account_reauthenticate", query={"next": remove})
    client.post(again, {"password": "a wrong password"})
    assert factors_of(analyst) == {"totp"}
    client.post(again, {"password": PASSWORD})
    client.post(remove)
    assert factors_of(analyst) == set()
    assert client.get("/heatmap/").url.startswith(reverse("mfa_index"))


def test_the_secret_is_encrypted_in_the_database(analyst):
    set_up_app(analyst)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        assert "JBSWY3DPEHPK3PXP" not in cursor.fetchone()[0]


def test_a_new_password_ends_a_sign_in_that_waits_for_the_code(client, officer):
    from tests.forces.accounts.factors import current_code

    set_up_app(officer)
    type_password(client, officer)
    officer.set_password("violet otters juggle lanterns")
    officer.save()
    type_code(client, current_code())
    assert not is_signed_in(client)


def test_a_refused_passkey_at_sign_in_gets_an_error_message(client):
    InspectionFactory()
    response = client.post(reverse("mfa_login_webauthn"), {"credential": "{}"}, follow=True)
    assert "The passkey was not accepted. Try again, or use your password." in response.text


def test_a_reset_request_runs_the_same_queries_for_any_address(
    client, officer, django_assert_num_queries
):
    """The response time does not show whether the address exists: a task looks it up."""
    for email in (officer.email, "nobody@example.org"):
        with django_assert_num_queries(3):
            client.post(reverse("password_reset"), {"email": email})
    assert AccountEmail.objects.count() == 2


def test_an_unknown_address_takes_one_hash_like_a_known_one(client, officer, settings):
    """The hash takes most of the time: a tenth of a second with Argon2."""
    from django.contrib.auth import hashers

    hashed = []
    hasher = hashers.get_hasher().__class__
    original = hasher.encode

    def counted(self, *arguments):
        hashed.append(1)
        return original(self, *arguments)

    hasher.encode = counted
    try:
        type_password(Client(), officer, "a wrong password")
        known = len(hashed)
        fields = {"login": "nobody@example.org", "password": "a wrong password"}
        Client().post(reverse("login"), fields)
        assert len(hashed) - known == known == 1
    finally:
        hasher.encode = original


@pytest.mark.parametrize("who", ["known", "invited", "left", "unknown"])
def test_a_refused_sign_in_runs_the_same_queries_for_anybody(client, officer, who):
    email = {"known": officer.email, "unknown": "nobody@example.org"}.get(who, "")
    if not email:
        person = OfficerFactory(is_active=who != "left")
        person.set_unusable_password()
        person.save()
        email = person.email
    fields = {"login": email, "password": "a wrong password"}
    with CaptureQueriesContext(connection) as queries:
        client.post(reverse("login"), fields)
    statements = [q["sql"] for q in queries if "django_session" not in q["sql"]]
    assert len(statements) == 7, statements
