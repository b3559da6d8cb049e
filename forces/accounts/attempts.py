"""Limits attempts at what can be guessed, so that nobody can lock anybody else out.

A device where a person has signed in before has a counter of its own (`known_device`). All other
devices share one counter for the account and one for their network address. Somebody who guesses
at an account from elsewhere slows down other strangers, and never the officer at the usual desk;
somebody behind a force's address slows down newcomers, and not the colleagues (OWASP, device
cookies).
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.db import connection
from django.utils.crypto import salted_hmac

from forces.models import AttemptLog


@dataclass(frozen=True)
class Limit:
    """At most this many attempts in any period of this length, wherever it begins."""

    attempts: int
    period: timedelta


QUARTER_HOUR, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
ACCOUNT = (Limit(10, QUARTER_HOUR), Limit(50, DAY))
ADDRESS = (Limit(100, QUARTER_HOUR), Limit(1000, DAY))
CODE = (Limit(5, QUARTER_HOUR), Limit(30, DAY))
RESET_EMAILS = (Limit(3, HOUR), Limit(10, DAY))
RESET_REQUESTS = (Limit(20, QUARTER_HOUR),)


@dataclass(frozen=True)
class AttemptCounter:
    """Attempts at one thing, such as "account" "jo@example.org", and their limits."""

    kind: str
    name: str
    limits: tuple[Limit, ...]

    @property
    def key(self) -> str:
        name = f"{self.kind}:{self.name}"
        return salted_hmac("forces.accounts.attempts", name, algorithm="sha256").hexdigest()


def normalise_email(email: str) -> str:
    """One text for all spellings that PostgreSQL takes for the same address (`iexact`)."""
    return unicodedata.normalize("NFKC", email.strip()).upper()


def sign_in_counters(email: str, *, address: str, device: str) -> list[AttemptCounter]:
    """What an attempt to sign in counts against. `device` is empty where it is not a known one."""
    account = normalise_email(email)
    if device:
        return [AttemptCounter("account from a known device", f"{account} {device}", ACCOUNT)]
    return [
        AttemptCounter("account", account, ACCOUNT),
        AttemptCounter("address", _network(address), ADDRESS),
    ]


def code_counters(person_id: int, *, device: str) -> list[AttemptCounter]:
    """What an attempt at a second factor counts against."""
    return [AttemptCounter("code", f"{person_id} {device}", CODE)]


def reset_counters(email: str, *, address: str) -> list[AttemptCounter]:
    """What a request for a link to a new password counts against."""
    return [
        AttemptCounter("reset", normalise_email(email), RESET_EMAILS),
        AttemptCounter("reset request", _network(address), RESET_REQUESTS),
    ]


def _network(address: str) -> str:
    """One subscriber's addresses count as one: of IPv6 they have 2 to the 64th."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ip_network((found, 64), strict=False))
    return str(found)


# The row's lock makes simultaneous attempts wait for each other; PostgreSQL then checks the limits
# against the row as the one before left it. No row is returned where a limit is reached.
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
    """Count an attempt before it is made. Returns how long to wait, or zero where it may be made.

    A refused attempt is not counted by the counter that refuses it: waiting always helps.
    """
    waits = [_wait(counter, at=at) for counter in counters if not _record(counter, at=at)]
    return max(waits, default=timedelta())


def forgive(counters: Sequence[AttemptCounter], *, at: datetime) -> None:
    """Uncount the attempt of this instant: it was the right person's. Earlier ones still count."""
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
    """How long until every limit allows one more attempt; a second if one does by now."""
    times = sorted(AttemptLog.objects.get(key=counter.key).times, reverse=True)
    waits = [
        times[limit.attempts - 1] + limit.period - at
        for limit in counter.limits
        if len(times) >= limit.attempts
    ]
    return max([timedelta(seconds=1), *waits])
