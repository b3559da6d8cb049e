"""The forms of second factors: allauth's, counted in PostgreSQL, with words that say what to do."""

from datetime import timedelta
from typing import Any

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
)
from django import forms
from django.db import IntegrityError, transaction
from django.utils import timezone

from countylines.accounts.adapters import wait_words
from countylines.accounts.devices import known_device
from forces import attempts
from forces.models import UsedCode

COULD_BE_TRIED_AGAIN = timedelta(minutes=5)  # longer than a code of an app is right
WRONG_CODE = "Enter the 6 figures that the app shows now, before they change"
PASSKEY_WRONG = "The passkey was not accepted. Try again, or enter a code"
CODE_HINT = "The 6 figures that your authenticator app shows now, or one of your recovery codes."


class _Code:
    """A code is counted before it is looked at, and works once."""

    design = {"code": {"classes": "govuk-input--width-10"}}
    fields: dict[str, forms.Field]
    user: Any
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        code = self.fields["code"]
        code.label, code.help_text = "Code", CODE_HINT
        code.widget.attrs = {
            "autocomplete": "one-time-code",
            "spellcheck": "false",
        }
        code.error_messages["required"] = "Enter a code"

    def clean_code(self) -> str:
        at = timezone.now()
        counted = attempts.code(self.user.pk, device=known_device(context.request, self.user.email))
        if wait := attempts.take(counted, at=at):
            raise forms.ValidationError(wait_words(wait.total_seconds()), code="too_many")
        code: str = super().clean_code()  # type: ignore[misc]
        self._use_up(code)
        attempts.give_back(counted, at=at)
        return code

    def _use_up(self, code: str) -> None:
        at, digits = timezone.now(), "".join(filter(str.isalnum, code))
        used = UsedCode.objects.filter(person=self.user, used_at__lt=at - COULD_BE_TRIED_AGAIN)
        used.delete()
        try:
            with transaction.atomic():
                UsedCode.objects.create(person=self.user, code=digits[:16], used_at=at)
        except IntegrityError:
            raise forms.ValidationError(
                "This code has been used already: wait for the next one", code="used"
            ) from None


class FactorForm(_Code, AuthenticateForm):
    """The second factor of a sign-in."""


class FactorAgainForm(_Code, ReauthenticateForm):
    """The second factor before a change to the account."""


class AddAppForm(ActivateTOTPForm):
    """The first code of a new authenticator app."""

    design = {"code": {"classes": "govuk-input--width-5"}}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        code = self.fields["code"]
        code.label, code.help_text = "Code", "The 6 figures that the app shows now."
        code.widget.attrs = {
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "spellcheck": "false",
        }
        code.error_messages["required"] = WRONG_CODE

    def clean_code(self) -> str:
        try:
            return str(super().clean_code())
        except forms.ValidationError as error:
            raise forms.ValidationError(WRONG_CODE, code="wrong") from error


class PasskeyForm(AuthenticateWebAuthnForm):
    """A passkey after the password."""

    @property
    def is_offered(self) -> bool:
        passkeys = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN)
        return passkeys.filter(user=self.user).exists()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        messages = self.fields["credential"].error_messages
        messages["required"] = messages["invalid"] = PASSKEY_WRONG

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except forms.ValidationError as error:
            raise forms.ValidationError(PASSKEY_WRONG, code="wrong") from error


class PasskeyNameForm(EditWebAuthnForm):
    """What a passkey is called."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _name(self.fields["name"])


class AddPasskeyForm(AddWebAuthnForm):
    """A new passkey; the browser fills in the rest."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _name(self.fields["name"])
        alone = self.fields["passwordless"]
        alone.label = "Sign in with this passkey alone, without a password"
        alone.help_text = "The device then asks for your finger, your face or its PIN."


def _name(field: forms.Field) -> None:
    field.label = "Name"
    field.help_text = "So that you know it again, for example: work laptop."
