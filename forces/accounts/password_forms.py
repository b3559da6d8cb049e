"""Forms of new passwords, with errors that say what to do."""

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth import forms as auth_forms
from django.db import transaction
from django.utils import timezone

from forces import audit
from forces.accounts import attempts, emails
from forces.http import ServiceRequest
from forces.models import AccountMail, User

NEW = "New password"
AGAIN = "New password again"
NEW_HINT = (
    "At least 12 characters, for example three or four words that do not belong together. Nothing "
    "like your name or email address, and no password that is known from elsewhere."
)


class _NewPassword:
    """Words for the two boxes of a new password."""

    act: str
    user: User
    cleaned_data: dict[str, Any]
    fields: dict[str, forms.Field]
    error_messages: dict[str, Any] = {"password_mismatch": "The two new passwords must be the same"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        first, second = self.fields["new_password1"], self.fields["new_password2"]
        first.label, first.help_text = NEW, NEW_HINT
        second.label, second.help_text = AGAIN, ""
        first.error_messages["required"] = "Enter a new password"
        second.error_messages["required"] = "Enter the new password again"

    def validate_password_for_user(self, user: Any, password_field_name: str = "") -> None:
        """What is wrong with the password stands at the first box, where it is mended."""
        super().validate_password_for_user(user, "new_password1")  # type: ignore[misc]

    @transaction.atomic
    def save(self, commit: bool = True) -> User:
        """The new password and nothing else, its line in the audit trail, and a mail that tells.

        Whoever was shut out, or was given another role, while the person typed, stays so.
        """
        at = timezone.now()
        person = User.objects.select_for_update().get(pk=self.user.pk)
        person.set_password(self.cleaned_data["new_password1"])
        person.save(update_fields=["password"])
        self.user.password = person.password  # from which the session's key is made anew
        emails.tell(person, "the password", at=at)
        audit.record(at=at, act=self.act, actor=person, subject=person, body=person.body)
        return person


class NewPasswordForm(_NewPassword, auth_forms.SetPasswordForm):
    """The first password, of an invitation; `forces.accounts.invitations.accept` saves it."""


class SetPasswordForm(_NewPassword, auth_forms.SetPasswordForm):
    """A new password for whoever followed the link of a reset mail."""

    act = "password reset"


class PasswordChangeForm(_NewPassword, auth_forms.PasswordChangeForm):
    """A new password for whoever knows the old one."""

    act = "password changed"

    error_messages = {
        **_NewPassword.error_messages,
        "password_incorrect": "Enter the password that you use now: the one you typed is not right",
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        old = self.fields["old_password"]
        old.label = "Password now"
        old.error_messages["required"] = "Enter the password that you use now"

    def clean_old_password(self) -> str:
        """Counted like a sign-in: whoever took over a session shall not guess on."""
        typed: str = self.cleaned_data["old_password"]
        if not get_adapter().reauthenticate(self.user, typed):
            raise forms.ValidationError(
                self.error_messages["password_incorrect"], code="password_incorrect"
            )
        return typed


class PasswordResetForm(auth_forms.PasswordResetForm):
    """Asks for the address that the link is sent to; a job finds out whether somebody has it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        email = self.fields["email"]
        email.label = "Email address"
        email.widget.attrs["spellcheck"] = "false"
        email.error_messages |= {
            "required": "Enter your email address",
            "invalid": "Enter an email address in the correct format, like name@example.com",
        }

    def save(self, *, request: ServiceRequest, **_: Any) -> None:  # type: ignore[override]
        """The same for every address. Too many asked for one are dropped without a word."""
        email, at = self.cleaned_data["email"], request.now
        address = get_adapter(request).get_client_ip(request)
        if attempts.record_attempt(attempts.reset_counters(email, address=address), at=at):
            return
        emails.ask(AccountMail.Kind.RESET, at=at, address=email)
