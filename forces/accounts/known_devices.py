"""A cookie for devices on which somebody has signed in before (docs/decisions/0016-sign-in.md).

It does not sign anybody in. Attempts on a known device have their own counter
(`forces.accounts.attempts`), so that a stranger's guesses do not slow down the person.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

from forces.accounts.attempts import normalise_email

MAX_AGE_SECONDS = 60 * 60 * 24 * 365
MAX_PEOPLE = 5  # who share a device
_SALT = "known device"


def known_device(request: HttpRequest, email: str) -> str:
    """A random name of this device if this address has signed in on it; otherwise empty."""
    return _names(request).get(_key(email), "")


def remember_device(request: HttpRequest, response: HttpResponseBase, email: str) -> None:
    """Set the cookie after a successful sign-in with this address."""
    names = _names(request)
    name = names.pop(_key(email), "") or secrets.token_hex(8)
    names = dict(list(names.items())[-(MAX_PEOPLE - 1) :]) | {_key(email): name}
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps(names, salt=_SALT),
        max_age=MAX_AGE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _names(request: HttpRequest) -> dict[str, str]:
    """The device's name for the key of each address; empty without a valid cookie."""
    cookie = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    try:
        names = signing.loads(cookie, salt=_SALT, max_age=MAX_AGE_SECONDS)
    except signing.BadSignature:
        return {}
    return {str(key): str(name) for key, name in names.items()}


def _key(email: str) -> str:
    """A keyed hash, so that the cookie does not show the address."""
    return salted_hmac(_SALT, normalise_email(email), algorithm="sha256").hexdigest()[:16]
