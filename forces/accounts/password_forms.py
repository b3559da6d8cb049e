"""Forms to set, change and reset a password."""

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth import forms as auth_forms
from django.db import transaction
from django.utils import timezone

from forces import audit
from forces.accounts import attempts, emails
from forces.accounts.sign_in_form import set_up_email
from forces.http import ServiceRequest
from forces.models import AccountEmail, User

NEW_HINT = (
    "Must be at least 12 characters. For example, use 3 or 4 words that do not belong together. Do "
    "not include your name or email address, and do not use a common password or one you use "
    "elsewhere."
)


class _NewPasswordMixin:
    """The two fields of a new password, and saving it."""

    act: str
    user: User
    cleaned_data: dict[str, Any]
    fields: dict[str, forms.Field]
    error_messages: dict[str, Any] = {"password_mismatch": "The two new passwords must be the same"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        first, second = self.fields["new_password1"], self.fields["new_password2"]
        first.label, first.help_text = "New password", NEW_HINT
        second.label, second.help_text = "New password again", ""
        first.error_messages["required"] = "Enter a new password"
        second.error_messages["required"] = "Enter the new password again"

    def validate_password_for_user(self, user: Any, password_field_name: str = "") -> None:
        """Show errors at the first field, where the password is corrected."""
        super().validate_password_for_user(user, "new_password1")  # type: ignore[misc]

    @transaction.atomic
    def save(self, commit: bool = True) -> User:
        """Save the password only, record it, and queue a notice to the person.

        Role, organisation and access are left as they are now: they may have changed since.
        """
        at = timezone.now()
        person = User.objects.select_for_update().get(pk=self.user.pk)
        person.set_password(self.cleaned_data["new_password1"])
        person.save(update_fields=["password"])
        self.user.password = person.password  # Django derives the session's new hash from it
        emails.notify(person, "Your password was changed", at=at)
        audit.record(at=at, act=self.act, actor=person, subject=person, body=person.body)
        return person


class NewPasswordForm(_NewPasswordMixin, auth_forms.SetPasswordForm):
    """The first password. `forces.accounts.invitations.accept` saves it."""


class SetPasswordForm(_NewPasswordMixin, auth_forms.SetPasswordForm):
    """A new password, after following the link of a reset email."""

    act = "password reset"


class PasswordChangeForm(_NewPasswordMixin, auth_forms.PasswordChangeForm):
    """A new password, for somebody who knows the current one."""

    act = "password changed"

    error_messages = {
        **_NewPasswordMixin.error_messages,
        "password_incorrect": "Current password is incorrect",
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        current = self.fields["old_password"]
        current.label = "Current password"
        current.error_messages["required"] = "Enter your current password"

    def clean_old_password(self) -> str:
        """Counts as an attempt to sign in, so that it cannot be guessed from a stolen session."""
        password: str = self.cleaned_data["old_password"]
        if not get_adapter().reauthenticate(self.user, password):
            raise forms.ValidationError(
                self.error_messages["password_incorrect"], code="password_incorrect"
            )
        return password


class PasswordResetForm(auth_forms.PasswordResetForm):
    """The address to send a reset link to. A task finds out whether it has an account."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        set_up_email(self.fields["email"])

    def save(self, *, request: ServiceRequest, **_: Any) -> None:  # type: ignore[override]
        """Queue the email, whoever has the address. Do nothing after too many requests."""
        email, at = self.cleaned_data["email"], request.now
        address = get_adapter(request).get_client_ip(request)
        if not attempts.record_attempt(attempts.reset_counters(email, address=address), at=at):
            emails.queue(AccountEmail.Kind.RESET, at=at, address=email)
