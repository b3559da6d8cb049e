"""The forms of second factors: allauth's, counted in PostgreSQL, with words that say what to do."""

from datetime import datetime, timedelta
from typing import Any

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.db import IntegrityError, transaction

from forces.accounts import attempts
from forces.accounts.adapters import wait_words
from forces.accounts.known_devices import known_device
from forces.models import UsedCode, User

COULD_BE_TRIED_AGAIN = timedelta(minutes=5)  # longer than a code of an app is right
WRONG_CODE = "Enter the 6 figures that the app shows now, before they change"
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
        at = context.request.now
        device = known_device(context.request, self.user.email)
        counters = attempts.code_counters(self.user.pk, device=device)
        if wait := attempts.record_attempt(counters, at=at):
            raise forms.ValidationError(wait_words(wait.total_seconds()), code="too_many")
        code: str = super().clean_code()  # type: ignore[misc]
        use_up(self.user, code, at=at)
        attempts.forgive(counters, at=at)
        return code


def use_up(person: User, code: str, *, at: datetime) -> None:
    """A code is accepted once. Raises ValidationError the second time."""
    digits = "".join(filter(str.isalnum, code))
    used = UsedCode.objects.filter(person=person, used_at__lt=at - COULD_BE_TRIED_AGAIN)
    used.delete()
    try:
        with transaction.atomic():
            UsedCode.objects.create(person=person, code=digits[:16], used_at=at)
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
            code = str(super().clean_code())
        except forms.ValidationError as error:
            raise forms.ValidationError(WRONG_CODE, code="wrong") from error
        use_up(self.user, code, at=context.request.now)
        return code
