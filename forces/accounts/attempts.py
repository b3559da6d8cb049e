"""Limits attempts at passwords, codes and password resets, without locking anybody out.

A device on which a person has signed in before has its own counter. It is known by a cookie, which
does not sign anybody in. The attempts of all other devices are counted for the account and the
network address together first, then for the address, and last for the account. An attempt that one
counter refuses is not counted by the others. So somebody who guesses a person's password stops
their own address; the person can sign in from any other one, unless many addresses guess at once,
and then after a few minutes. After OWASP, device cookies (docs/decisions/0016-sign-in.md).
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import connection
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

from forces.models import AttemptLog
from forces.text import normalise_email


@dataclass(frozen=True)
class Limit:
    """At most this many attempts in any period of this length."""

    attempts: int
    period: timedelta


FIVE_MINUTES, QUARTER_HOUR = timedelta(minutes=5), timedelta(minutes=15)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ACCOUNT_AND_ADDRESS = (Limit(10, QUARTER_HOUR), Limit(50, DAY))
ACCOUNT = (Limit(60, FIVE_MINUTES),)  # by more than one address, so the wait is short
ADDRESS = (Limit(100, QUARTER_HOUR), Limit(1000, DAY))
CODE = (Limit(5, QUARTER_HOUR), Limit(30, DAY))
ALL_CODES = (Limit(30, QUARTER_HOUR), Limit(200, DAY))  # of those who know the password
RESET_EMAILS = (Limit(3, HOUR), Limit(10, DAY))
RESET_REQUESTS = (Limit(20, QUARTER_HOUR),)

DEVICE_AGE_SECONDS = 60 * 60 * 24 * 365
MAX_PEOPLE = 5  # who share a device
_DEVICE_SALT = "known device"


@dataclass(frozen=True)
class AttemptCounter:
    """What attempts are counted by, such as kind "account", name "JO@EXAMPLE.ORG"."""

    kind: str
    name: str
    limits: tuple[Limit, ...]

    @property
    def key(self) -> str:
        name = f"{self.kind}:{self.name}"
        return salted_hmac("forces.accounts.attempts", name, algorithm="sha256").hexdigest()


def _account(email: str) -> str:
    """The same text for all spellings that PostgreSQL treats as one address (`iexact`)."""
    return normalise_email(email).upper()


def sign_in_counters(email: str, *, address: str, device: str) -> list[AttemptCounter]:
    """The counters of an attempt to sign in. `device` is empty if the device is not known."""
    account = _account(email)
    if device:
        name = f"{account} {device}"
        return [AttemptCounter("account from a known device", name, ACCOUNT_AND_ADDRESS)]
    network = _network(address)
    return [
        AttemptCounter("account and address", f"{account} {network}", ACCOUNT_AND_ADDRESS),
        AttemptCounter("address", network, ADDRESS),
        AttemptCounter("account", account, ACCOUNT),
    ]


def code_counters(person_id: int, *, address: str, device: str) -> list[AttemptCounter]:
    """The counters of an attempt at a second factor."""
    if device:
        return [AttemptCounter("code", f"{person_id} {device}", CODE)]
    return [
        AttemptCounter("code and address", f"{person_id} {_network(address)}", CODE),
        AttemptCounter("code", str(person_id), ALL_CODES),
    ]


def reset_counters(email: str, *, address: str) -> list[AttemptCounter]:
    """The counters of a request for a password reset link."""
    return [
        AttemptCounter("reset", _account(email), RESET_EMAILS),
        AttemptCounter("reset request", _network(address), RESET_REQUESTS),
    ]


def _network(address: str) -> str:
    """The IPv4 address, or the /64 network of an IPv6 address, which one subscriber has."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped or ip_network((ip, 64), strict=False))
    return str(ip)


# The row lock makes simultaneous attempts wait for each other. PostgreSQL then checks the limits
# against the committed row. No row is returned if a limit is reached.
_RECORD = """
INSERT INTO forces_attemptlog AS log (key, times, last_at)
VALUES (%(key)s, ARRAY[%(at)s], %(at)s)
ON CONFLICT (key) DO UPDATE SET
    times = ARRAY(SELECT t FROM unnest(log.times) AS t WHERE t > %(oldest)s) || excluded.times,
    last_at = greatest(log.last_at, excluded.last_at)
WHERE NOT EXISTS (
    SELECT FROM unnest(%(limits)s, %(since)s) AS reached (attempts, since)
    WHERE attempts <= (SELECT count(*) FROM unnest(log.times) AS t WHERE t > reached.since)
)
RETURNING 1
"""
_FORGIVE = """
UPDATE forces_attemptlog SET
    times = times[:array_position(times, %(at)s) - 1] || times[array_position(times, %(at)s) + 1:]
WHERE key = ANY(%(keys)s) AND %(at)s = ANY(times)
"""


def record_attempt(counters: Sequence[AttemptCounter], *, at: datetime) -> timedelta:
    """Count an attempt before it is made. Returns how long to wait; zero if it may be made.

    An attempt that a counter refuses is counted by none, so waiting always helps.
    """
    for number, counter in enumerate(counters):
        if not _record(counter, at=at):
            forgive(counters[:number], at=at)
            return _wait(counter, at=at)
    return timedelta()


def forgive(counters: Sequence[AttemptCounter], *, at: datetime) -> None:
    """Remove the attempt of this instant, because it succeeded. Earlier ones still count."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGIVE, {"keys": [counter.key for counter in counters], "at": at})


def _record(counter: AttemptCounter, *, at: datetime) -> bool:
    since = [at - limit.period for limit in counter.limits]
    values: dict[str, Any] = {
        "key": counter.key,
        "at": at,
        "oldest": min(since),
        "limits": [limit.attempts for limit in counter.limits],
        "since": since,
    }
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, values)
        return cursor.fetchone() is not None


def _wait(counter: AttemptCounter, *, at: datetime) -> timedelta:
    """How long until all limits allow another attempt; at least one second."""
    times = sorted(AttemptLog.objects.get(key=counter.key).times, reverse=True)
    waits = [
        times[limit.attempts - 1] + limit.period - at
        for limit in counter.limits
        if len(times) >= limit.attempts
    ]
    return max([timedelta(seconds=1), *waits])


def known_device(request: HttpRequest, email: str) -> str:
    """A random name of this device if this address has signed in on it; otherwise empty."""
    return _device_names(request).get(_device_key(email), "")


def remember_device(request: HttpRequest, response: HttpResponseBase, email: str) -> None:
    """Set the cookie after a successful sign-in with this address."""
    names = _device_names(request)
    name = names.pop(_device_key(email), "") or secrets.token_hex(8)
    names = dict(list(names.items())[-(MAX_PEOPLE - 1) :]) | {_device_key(email): name}
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps(names, salt=_DEVICE_SALT),
        max_age=DEVICE_AGE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _device_names(request: HttpRequest) -> dict[str, str]:
    """The device's name for the key of each address; empty without a valid cookie."""
    cookie = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    try:
        names = signing.loads(cookie, salt=_DEVICE_SALT, max_age=DEVICE_AGE_SECONDS)
    except signing.BadSignature:
        return {}
    return {str(key): str(name) for key, name in names.items()}


def _device_key(email: str) -> str:
    """A keyed hash, so that the cookie does not show the address."""
    return salted_hmac(_DEVICE_SALT, _account(email), algorithm="sha256").hexdigest()[:16]
