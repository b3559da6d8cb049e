"""The form of signing in, with words that say what to do."""

from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm


class SignInForm(LoginForm):
    """Sign-in by email address. A wrong address and a wrong password get the same words."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        email, password = self.fields["login"], self.fields["password"]
        email.label, email.help_text = "Email address", ""
        email.widget.attrs = {"spellcheck": "false", "autocomplete": "username"}
        email.error_messages |= {
            "required": "Enter your email address",
            "invalid": "Enter an email address in the correct format, like name@example.com",
        }
        password.label, password.help_text = "Password", ""
        password.widget.attrs = {"autocomplete": "current-password"}
        password.error_messages["required"] = "Enter your password"


class PasswordAgainForm(ReauthenticateForm):
    """The password once more, before a change to the account."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        password = self.fields["password"]
        password.label, password.help_text = "Password", ""
        password.widget.attrs = {"autocomplete": "current-password"}
        password.error_messages["required"] = "Enter your password"
