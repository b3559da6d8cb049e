"""Forms of signing in and of passwords, with errors that say what to do."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth import forms as auth_forms
from django.db import transaction
from django.utils import timezone

from forces import audit
from forces.models import User

NEW = "New password"
AGAIN = "New password again"
NEW_HINT = (
    "At least 12 characters. Not a common password, and nothing like your name or email address."
)


class SignInForm(auth_forms.AuthenticationForm):
    """Sign-in by email address. A wrong address and a wrong password get the same words."""

    error_messages = {
        "invalid_login": "Enter the email address and password of your account. "
        "Capital letters matter in a password",
        "inactive": "Enter the email address and password of your account",
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        name, password = self.fields["username"], self.fields["password"]
        name.label = "Email address"
        name.widget.input_type = "email"
        name.widget.attrs |= {"spellcheck": "false", "autocomplete": "username"}
        name.error_messages["required"] = "Enter your email address"
        password.error_messages["required"] = "Enter your password"


class _NewPassword:
    """Words for the two boxes of a new password."""

    act: str
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
        """The new password, and its line in the audit trail."""
        person: User = super().save(commit)  # type: ignore[misc]
        audit.record(
            at=timezone.now(), act=self.act, actor=person, subject=person, body=person.body
        )
        return person


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


class PasswordResetForm(auth_forms.PasswordResetForm):
    """Asks for the address that the link is sent to."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        email = self.fields["email"]
        email.label = "Email address"
        email.widget.attrs["spellcheck"] = "false"
        email.error_messages |= {
            "required": "Enter your email address",
            "invalid": "Enter an email address in the correct format, like name@example.com",
        }

    def get_users(self, email: str) -> Iterable[User]:
        """Who may sign in under this address: also a person who has never set a password."""
        return User.objects.filter(email__iexact=email, is_active=True)
