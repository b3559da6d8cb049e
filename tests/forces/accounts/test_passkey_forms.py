"""Malformed passkeys are refused with an error message."""

import json

import pytest
from allauth.mfa.models import Authenticator
from bs4 import BeautifulSoup
from django.urls import reverse

from forces.accounts.passkey_forms import INVALID_PASSKEY, MAX_CHARACTERS, CredentialField
from tests.factories import InspectionFactory, UserFactory
from tests.forces.accounts.factors import is_signed_in, set_up_app, title_of, type_password

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
    json.dumps({"id": "a" * MAX_CHARACTERS}),
]


@pytest.mark.parametrize("credential", MALFORMED, ids=range(len(MALFORMED)))
class TestMalformed:
    def test_it_does_not_sign_in(self, client, officer, credential):
        client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
        response = client.post(reverse("mfa_login_webauthn"), {"credential": credential})
        assert response.status_code < 400
        assert not is_signed_in(client)

    def test_it_is_refused_as_a_second_factor(self, client, officer, credential):
        set_up_app(officer)
        type_password(client, officer)
        response = client.post(reverse("mfa_authenticate"), {"credential": credential})
        assert response.status_code == 200
        assert not is_signed_in(client)

    def test_it_is_not_added(self, client, officer, credential):
        type_password(client, officer)
        client.get(reverse("mfa_add_webauthn"))
        response = client.post(
            reverse("mfa_add_webauthn"), {"name": "Key", "credential": credential}
        )
        assert response.status_code == 200
        assert not Authenticator.objects.exists()


def test_unknown_members_are_dropped():
    credential = {"id": "a", "rawId": "a", "type": "public-key", "response": {}, "more": "x" * 99}
    assert "more" not in CredentialField().clean(json.dumps(credential))


def test_a_malformed_passkey_gets_an_error_message(client, officer):
    set_up_app(officer)
    type_password(client, officer)
    page = client.post(reverse("mfa_authenticate"), {"credential": "{}"}).text
    assert INVALID_PASSKEY in page


def test_a_refused_passkey_after_the_password_is_in_the_error_summary(client):
    InspectionFactory()
    set_up_app(person := UserFactory(has_second_factor=False))
    type_password(client, person)
    response = client.post(reverse("mfa_authenticate"), {"credential": "{}"})
    summary = BeautifulSoup(response.content, "html.parser").select_one(".govuk-error-summary")
    assert INVALID_PASSKEY in summary.text
    assert title_of(response).count("Error: ") == 1


def test_a_passkey_is_not_offered_to_a_person_without_one(client):
    InspectionFactory()
    set_up_app(person := UserFactory(has_second_factor=False))
    type_password(client, person)
    assert "Use a passkey" not in client.get(reverse("mfa_authenticate")).text
