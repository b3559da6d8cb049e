"""Refuses passwords that are too long or easy to guess.

Guessability is estimated by zxcvbn, whose lists of breached passwords, names, words and keyboard
patterns are part of the package. Nothing is sent over the network.
"""

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError

MIN_GUESSES = 10**8  # zxcvbn's score 3, which is safe against guessing through the sign-in page
MAX_ESTIMATED_CHARACTERS = 64  # zxcvbn is slow on longer ones, and they are not weaker
MAX_CHARACTERS = 128  # OWASP ASVS 2.1.2
GUESSABLE = (
    "Choose a password that is harder to guess. This one is a common password, or similar to one"
)


class GuessablePasswordValidator:
    """Refuses passwords that are too long, common, or made from the person's name or email."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raises ValidationError."""
        from zxcvbn import zxcvbn

        if len(password) > MAX_CHARACTERS:
            raise ValidationError(
                f"The password must be {MAX_CHARACTERS} characters or fewer",
                code="password_too_long",
            )
        personal = [str(getattr(user, name, "")) for name in ("email", "name")]
        personal += [word for text in personal for word in text.replace("@", " ").split()]
        estimate = zxcvbn(
            password[:MAX_ESTIMATED_CHARACTERS],
            user_inputs=[*personal, "county lines", "home office"],
        )
        if estimate["guesses"] < MIN_GUESSES:
            raise ValidationError(GUESSABLE, code="password_guessable")

    def get_help_text(self) -> str:
        return "It must not be a common password, or similar to one."
