"""What a person does to sign in: passwords, codes from an app, and recovery codes."""

import re
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from forces.models import User
from tests.factories import PASSWORD

SECRET = "JBSWY3DPEHPK3PXP"


def current_code(secret: str = SECRET, *, at: float | None = None) -> str:
    """The code that the app shows now, or at a Unix timestamp."""
    return format_hotp_value(hotp_value(secret, int(at or time.time()) // 30))


def set_up_app(user: User) -> None:
    """Set up an authenticator app with `SECRET` for the person."""
    TOTP.activate(user, SECRET)
    user.refresh_from_db()


def recovery_codes(user: User) -> list[str]:
    return RecoveryCodes.activate(user).get_unused_codes()


def type_password(client: Client, user: User, password: str = PASSWORD, **query: str):
    fields = {"login": user.email, "password": password}
    return client.post(reverse("login", query=query), fields)


def type_code(client: Client, code: str):
    return client.post(reverse("mfa_authenticate"), {"code": code})


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("sessions")).status_code == 200


def shown_secret(page: str) -> str:
    return re.search(r"Key: <code[^>]*>([A-Z2-7]+)</code>", page).group(1)


def factors_of(user: User) -> set[str]:
    return set(Authenticator.objects.filter(user=user).values_list("type", flat=True))


def title_of(response) -> str:
    return BeautifulSoup(response.content, "html.parser").title.text
