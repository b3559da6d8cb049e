"""The forms of signing in."""

from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm
from django import forms


class SignInForm(LoginForm):
    """Email address and password. A wrong address and a wrong password get the same error."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        set_up_email(self.fields["login"], autocomplete="username")
        _set_up_password(self.fields["password"])


class PasswordReauthenticationForm(ReauthenticateForm):
    """The password before a change to the account."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _set_up_password(self.fields["password"])


def set_up_email(field: forms.Field, *, autocomplete: str = "email") -> None:
    field.label, field.help_text = "Email address", ""
    field.widget.attrs = {"spellcheck": "false", "autocomplete": autocomplete}
    field.error_messages |= {
        "required": "Enter your email address",
        "invalid": "Enter an email address in the correct format, like name@example.com",
    }


def _set_up_password(field: forms.Field) -> None:
    field.label, field.help_text = "Password", ""
    field.widget.attrs = {"autocomplete": "current-password"}
    field.error_messages["required"] = "Enter your password"
