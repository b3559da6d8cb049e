"""The cookie of a device where somebody has signed in before (docs/decisions/0016).

It lets nobody in. It only keeps a stranger's wrong guesses from slowing down the person's own
device: `forces.accounts.attempts` counts its tries by themselves.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

from forces.accounts.attempts import normalise_email

LASTS = 60 * 60 * 24 * 365  # seconds: a year
MOST = 5  # people who share a device
_SALT = "known device"


def known_device(request: HttpRequest, email: str) -> str:
    """The name of this device where this address has signed in; empty anywhere else."""
    return _read(request).get(_mark(email), "")


def remember(request: HttpRequest, response: HttpResponseBase, email: str) -> None:
    """This address has signed in here: password and second factor were right."""
    known = _read(request)
    name = known.pop(_mark(email), "") or secrets.token_hex(8)
    known = dict(list(known.items())[-(MOST - 1) :]) | {_mark(email): name}
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps(known, salt=_SALT),
        max_age=LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> dict[str, str]:
    try:
        kept = signing.loads(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=_SALT, max_age=LASTS
        )
    except signing.BadSignature:
        return {}
    return {str(mark): str(name) for mark, name in kept.items()}


def _mark(email: str) -> str:
    """The address is not readable in the cookie."""
    return salted_hmac(_SALT, normalise_email(email), algorithm="sha256").hexdigest()[:16]
