"""The passkey forms of allauth, which answer malformed input with an error message."""

import json
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from fido2.webauthn import AuthenticationResponse

MAX_CHARACTERS = 20_000  # a real credential has some hundreds
TEXT_MEMBERS = {"id", "rawId", "type", "authenticatorAttachment"}
MEMBERS = TEXT_MEMBERS | {"response", "clientExtensionResults"}
INVALID_PASSKEY = "The passkey was not accepted. Try again, or use another method"
MALFORMED = (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError)


class CredentialField(forms.CharField):
    """A WebAuthn credential as JSON. Cleans to a dictionary of its known members."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        if len(text) > MAX_CHARACTERS or not text.isascii() or r"\u" in text:
            raise forms.ValidationError(INVALID_PASSKEY)
        try:
            members = json.loads(text)
            credential = {name: members[name] for name in MEMBERS & members.keys()}
        except MALFORMED as error:
            raise forms.ValidationError(INVALID_PASSKEY) from error
        if not all(isinstance(credential.get(name, ""), str) for name in TEXT_MEMBERS):
            raise forms.ValidationError(INVALID_PASSKEY)
        return credential


class _PasskeyMixin:
    """Replaces allauth's credential field."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["credential"] = CredentialField(error_messages={"required": INVALID_PASSKEY})


class _PasskeyResponseMixin(_PasskeyMixin):
    """Turns errors of the WebAuthn libraries into validation errors."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except MALFORMED as error:
            raise forms.ValidationError(INVALID_PASSKEY) from error


class PasskeyForm(_PasskeyResponseMixin, webauthn_forms.AuthenticateWebAuthnForm):
    """A passkey as the second factor of a sign-in."""

    @property
    def is_offered(self) -> bool:
        """Whether the person has a passkey."""
        passkeys = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN)
        return passkeys.filter(user=self.user).exists()


class PasskeyReauthenticationForm(_PasskeyResponseMixin, webauthn_forms.ReauthenticateWebAuthnForm):
    """A passkey before a change to the account."""


class PasskeySignInForm(_PasskeyResponseMixin, webauthn_forms.LoginWebAuthnForm):
    """A passkey instead of a password.

    The passkey must be set up for this, and must have verified the person (finger, face or PIN).
    allauth uses the same challenge for all its forms, so a response to another form could be
    submitted here. Both conditions are therefore checked on the response itself.
    """

    def clean_credential(self) -> Authenticator:
        credential = self.cleaned_data["credential"]
        authenticator = super().clean_credential()
        response = AuthenticationResponse.from_dict(credential).response
        is_verified = response.authenticator_data.is_user_verified()
        if not is_verified or not authenticator.wrap().is_passwordless:
            raise forms.ValidationError(INVALID_PASSKEY, code="not_passwordless")
        return authenticator


class AddPasskeyForm(_PasskeyMixin, webauthn_forms.AddWebAuthnForm):
    """A new passkey. The browser fills in the credential."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _label_name(self.fields["name"])
        passwordless = self.fields["passwordless"]
        passwordless.label = "Sign in with this passkey alone, without a password"
        passwordless.help_text = "Your device will ask for your fingerprint, your face or its PIN."

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except MALFORMED as error:
            raise forms.ValidationError(INVALID_PASSKEY) from error


class PasskeyNameForm(webauthn_forms.EditWebAuthnForm):
    """Renames a passkey."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _label_name(self.fields["name"])


def _label_name(field: forms.Field) -> None:
    field.label = "Name"
    field.help_text = "To help you recognise it, for example: work laptop."
