"""What is brought in the place of a passkey, and what a passkey alone must have."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from forces.accounts.passkey_forms import LARGEST, NOT_ONE, CredentialField
from tests.factories import InspectionFactory, OfficerFactory, UserFactory
from tests.forces.accounts.factors import has_app, is_in, type_code, type_password

pytestmark = pytest.mark.django_db
MALFORMED = [
    "",
    "x",
    "5",
    "[]",
    "null",
    "{}",
    '{"id": 1}',
    '{"id": "é", "rawId": "é", "type": "public-key", "response": {}}',
    '{"id": "\\u0000", "rawId": "a", "type": "public-key", "response": {}}',
    '{"id": "aa", "rawId": "aa", "type": "public-key", "response": 5}',
    '{"id": "aa", "rawId": "aa", "type": "public-key", "response": {"clientDataJSON": "%%%"}}',
    (
        '{"id": "aa", "rawId": "aa", "type": "public-key", "response": {"clientDataJSON": "e30", '
        '"attestationObject": "e30", "authenticatorData": "e30", "signature": "e30"}, '
        '"clientExtensionResults": 5}'
    ),
    "[" * 100_000,
    json.dumps({"id": "a" * LARGEST}),
]


@pytest.fixture
def officer(db):
    InspectionFactory()
    return OfficerFactory()


@pytest.mark.parametrize("told", MALFORMED, ids=range(len(MALFORMED)))
class TestMalformed:
    def test_signing_in_by_it_is_refused(self, client, officer, told):
        client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
        answer = client.post(reverse("mfa_login_webauthn"), {"credential": told})
        assert answer.status_code < 400
        assert not is_in(client)

    def test_as_a_second_factor_it_is_refused(self, client, officer, told):
        has_app(officer)
        type_password(client, officer)
        answer = client.post(reverse("mfa_authenticate"), {"credential": told})
        assert answer.status_code == 200
        assert not is_in(client)

    def test_it_is_not_added(self, client, officer, told):
        type_password(client, officer)
        client.get(reverse("mfa_add_webauthn"))
        answer = client.post(reverse("mfa_add_webauthn"), {"name": "Key", "credential": told})
        assert answer.status_code == 200
        assert not Authenticator.objects.exists()


def test_only_the_members_that_we_know_are_kept():
    told = {"id": "a", "rawId": "a", "type": "public-key", "response": {}, "more": "x" * 99}
    assert "more" not in CredentialField().clean(json.dumps(told))


def test_a_malformed_one_is_told_in_a_sentence(client, officer):
    has_app(officer)
    type_password(client, officer)
    page = client.post(reverse("mfa_authenticate"), {"credential": "{}"}).text
    assert NOT_ONE in page


def test_a_sign_in_that_is_half_done_ends_with_the_password(client, officer):
    from tests.forces.accounts.factors import code_of

    has_app(officer)
    type_password(client, officer)
    officer.set_password("violet otters juggle lanterns")
    officer.save()
    type_code(client, code_of())
    assert not is_in(client)


def test_the_code_that_set_the_app_up_does_not_also_sign_in(client):
    from tests.forces.accounts.factors import code_of, shown_secret

    InspectionFactory()
    analyst = UserFactory(has_second_factor=False)
    type_password(client, analyst)
    code = code_of(shown_secret(client.get(reverse("mfa_activate_totp")).text))
    client.post(reverse("mfa_activate_totp"), {"code": code})
    other = Client()
    type_password(other, analyst)
    type_code(other, code)
    assert not is_in(other)
