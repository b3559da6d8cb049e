"""Which passwords are refused: by length, and by lists that ship with the service.

The lists are zxcvbn's: passwords of known breaches, names, words, and walks over the keyboard, also
with a year behind them or letters as figures. Nothing is asked of anybody over the network.
"""

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError

FEWEST_GUESSES = 10**8  # zxcvbn's score 3: safe from guessing at a sign-in page, by far
LOOKED_AT = 64  # characters; what is longer is not made weaker by it
LONGEST = 128  # characters (OWASP ASVS 2.1.2)
WORDS = "Choose a password that is harder to guess: it is in, or close to, lists of known passwords"


class GuessablePasswordValidator:
    """Refuses what a list of breached passwords and a little turning of it would find."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        from zxcvbn import zxcvbn

        if len(password) > LONGEST:
            raise ValidationError(
                f"The password must be {LONGEST} characters or fewer", code="password_too_long"
            )
        about = [str(getattr(user, name, "")) for name in ("email", "name")]
        about += [word for text in about for word in text.replace("@", " ").split()]
        found = zxcvbn(password[:LOOKED_AT], user_inputs=[*about, "county lines", "home office"])
        if found["guesses"] < FEWEST_GUESSES:
            raise ValidationError(WORDS, code="password_guessable")

    def get_help_text(self) -> str:
        return "It must not be in lists of known passwords, nor close to one."
