"""The second factor forms of allauth, with limited attempts and codes that work once."""

from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django import forms
from django.db import IntegrityError, transaction

from forces.accounts import attempts
from forces.accounts.adapters import too_many_attempts
from forces.accounts.attempts import known_device
from forces.models import UsedCode, User

USED_CODE_RETENTION = timedelta(minutes=5)  # longer than an app's code is valid
WRONG_CODE = "Enter the 6-digit code that your app shows now"


def _set_up_code(field: forms.Field, hint: str, required: str, **attributes: str) -> None:
    field.label, field.help_text = "Code", hint
    field.widget.attrs = {"autocomplete": "one-time-code", "spellcheck": "false", **attributes}
    field.error_messages["required"] = required


class _CodeMixin:
    """Limits attempts, and accepts a code once."""

    design = {"code": {"classes": "govuk-input--width-10"}}
    fields: dict[str, forms.Field]
    user: Any
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        hint = "The 6-digit code from your authenticator app, or one of your recovery codes."
        _set_up_code(self.fields["code"], hint, "Enter a code")

    def clean_code(self) -> str:
        at = context.request.now
        device = known_device(context.request, self.user.email)
        address = get_adapter(context.request).get_client_ip(context.request)
        counters = attempts.code_counters(self.user.pk, address=address, device=device)
        if wait := attempts.record_attempt(counters, at=at):
            raise too_many_attempts(wait.total_seconds())
        code: str = super().clean_code()  # type: ignore[misc]
        use_code(self.user, code, at=at)
        attempts.forgive(counters, at=at)
        return code


def use_code(person: User, code: str, *, at: datetime) -> None:
    """Record that a valid code is used now. Raises ValidationError if it has been used before."""
    alphanumeric = "".join(filter(str.isalnum, code))
    UsedCode.objects.filter(person=person, used_at__lt=at - USED_CODE_RETENTION).delete()
    try:
        with transaction.atomic():
            UsedCode.objects.create(person=person, code=alphanumeric[:16], used_at=at)
    except IntegrityError:
        raise forms.ValidationError(
            "This code has already been used. Wait for the next code", code="used"
        ) from None


class CodeForm(_CodeMixin, AuthenticateForm):
    """A code as the second factor of a sign-in."""


class CodeReauthenticationForm(_CodeMixin, ReauthenticateForm):
    """A code before a change to the account."""


class AddAppForm(ActivateTOTPForm):
    """The first code of a new authenticator app.

    allauth makes a new key whenever the page is opened. The first one is kept until it is set up,
    so that a second tab does not make the code of the first one wrong.
    """

    design = {"code": {"classes": "govuk-input--width-5"}}

    def __init__(self, *args: Any, **options: Any) -> None:
        session = context.request.session
        earlier = session.get(SECRET_SESSION_KEY)
        super().__init__(*args, **options)
        if earlier:
            session[SECRET_SESSION_KEY] = self.secret = earlier
        hint = "The 6-digit code that the app shows now."
        _set_up_code(self.fields["code"], hint, WRONG_CODE, inputmode="numeric")

    def clean_code(self) -> str:
        try:
            code = str(super().clean_code())
        except forms.ValidationError as error:
            raise forms.ValidationError(WRONG_CODE, code="wrong") from error
        use_code(self.user, code, at=context.request.now)
        return code
