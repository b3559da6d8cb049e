"""The forms of passkeys: allauth's, which take nothing that is not one."""

import json
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from fido2.webauthn import AuthenticationResponse

LARGEST = 20_000  # characters; a passkey's answer has some hundreds
TEXTS = {"id", "rawId", "type", "authenticatorAttachment"}
PARTS = {"response", "clientExtensionResults"}
NOT_ONE = "The passkey was not accepted. Try again, or use another way"
MALFORMED = (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError)


class CredentialField(forms.CharField):
    """What the browser says of a passkey, as a dictionary of the members that we know."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        if len(text) > LARGEST:
            raise forms.ValidationError(NOT_ONE)
        try:
            credential = json.loads(text)
            found = {name: _text(credential[name]) for name in TEXTS & credential.keys()}
            found |= {name: _plain(credential[name]) for name in PARTS & credential.keys()}
        except MALFORMED as error:
            raise forms.ValidationError(NOT_ONE) from error
        return found


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.isascii() or "\x00" in value:
        raise ValueError("not a member of a passkey")
    return value


def _plain(value: Any) -> Any:
    """Dictionaries and lists of texts, numbers and truths, however deep the parser allowed."""
    if isinstance(value, dict):
        return {_text(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return _text(value) if isinstance(value, str) else value


class _Passkey:
    """Whatever the libraries make of a malformed one, the person gets a sentence."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["credential"] = CredentialField(error_messages={"required": NOT_ONE})


class _Answer(_Passkey):
    """An answer to our challenge."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except MALFORMED as error:
            raise forms.ValidationError(NOT_ONE) from error


class PasskeyForm(_Answer, AuthenticateWebAuthnForm):
    """A passkey as the second factor of a sign-in."""

    @property
    def is_offered(self) -> bool:
        """Only to whoever has one."""
        passkeys = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN)
        return passkeys.filter(user=self.user).exists()


class PasskeyAgainForm(_Answer, ReauthenticateWebAuthnForm):
    """A passkey before a change to the account."""


class PasskeyAloneForm(_Answer, LoginWebAuthnForm):
    """A passkey in the place of a password: made for it, and with the finger, face or PIN.

    allauth keeps one challenge for all of its forms, so that one of another form could be brought
    here: what this one needs is asked of the passkey's own answer.
    """

    def clean_credential(self) -> Authenticator:
        credential = self.cleaned_data["credential"]
        authenticator = super().clean_credential()
        answer = AuthenticationResponse.from_dict(credential)
        was_verified = answer.response.authenticator_data.is_user_verified()
        if not was_verified or not authenticator.wrap().is_passwordless:
            raise forms.ValidationError(NOT_ONE, code="not alone")
        return authenticator


class AddPasskeyForm(_Passkey, AddWebAuthnForm):
    """A new passkey; the browser fills in the rest."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _name(self.fields["name"])
        alone = self.fields["passwordless"]
        alone.label = "Sign in with this passkey alone, without a password"
        alone.help_text = "The device then asks for your finger, your face or its PIN."

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except MALFORMED as error:
            raise forms.ValidationError(NOT_ONE) from error


class PasskeyNameForm(EditWebAuthnForm):
    """What a passkey is called."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _name(self.fields["name"])


def _name(field: forms.Field) -> None:
    field.label = "Name"
    field.help_text = "So that you know it again, for example: work laptop."
