"""Tries at what can be guessed, counted so that nobody can lock anybody else out.

A device where a person has signed in before is counted by itself (`known`). All other devices share
one count for the account and one for their network address. So whoever guesses at an account from
elsewhere slows down other strangers, and never the officer at the usual desk; and whoever sits
behind a force's address slows down newcomers, and not the colleagues (OWASP, device cookies).
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.db import connection
from django.utils.crypto import salted_hmac

from forces.models import AttemptCount


@dataclass(frozen=True)
class Limit:
    """At most so many tries within one window of this length."""

    most: int
    within: timedelta


SHORT, DAY = timedelta(minutes=15), timedelta(days=1)
ACCOUNT = (Limit(10, SHORT), Limit(50, DAY))
ADDRESS = (Limit(100, SHORT), Limit(1000, DAY))
CODE = (Limit(5, SHORT), Limit(30, DAY))
MAIL_TO = (Limit(3, timedelta(hours=1)), Limit(10, DAY))
ASKING = (Limit(20, SHORT),)


@dataclass(frozen=True)
class Counted:
    """One thing whose tries are counted: "account", "jo@example.org", and its limits."""

    what: str
    name: str
    limits: tuple[Limit, ...]

    @property
    def key(self) -> str:
        return salted_hmac(
            "forces.attempts", f"{self.what}:{self.name}", algorithm="sha256"
        ).hexdigest()


def folded(email: str) -> str:
    """One text for all spellings that PostgreSQL takes for the same address (`iexact`)."""
    return unicodedata.normalize("NFKC", email.strip()).upper()


def sign_in(email: str, *, address: str, device: str) -> list[Counted]:
    """What a try to sign in counts against. `device` is empty where it is not a known one."""
    account = folded(email)
    if device:
        return [Counted("account from a known device", f"{account} {device}", ACCOUNT)]
    return [Counted("account", account, ACCOUNT), Counted("address", _network(address), ADDRESS)]


def code(person_id: int, *, device: str) -> list[Counted]:
    """What a try at a second factor counts against."""
    return [Counted("code", f"{person_id} {device}", CODE)]


def reset(email: str, *, address: str) -> list[Counted]:
    """What asking for a link to a new password counts against."""
    account = folded(email)
    return [Counted("reset", account, MAIL_TO), Counted("asking", _network(address), ASKING)]


def _network(address: str) -> str:
    """One subscriber's addresses are one: of IPv6 they have 2 to the 64th."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ip_network((found, 64), strict=False))
    return str(found)


def take(counted: Sequence[Counted], *, at: datetime) -> timedelta:
    """Count one try, before it is made; how long to wait, or nothing where it may be made.

    Counting and asking are one statement for each window, so that a hundred tries at once are a
    hundred tries.
    """
    wait = timedelta()
    for each in counted:
        for limit in each.limits:
            begins_at = _window(at, limit)
            if _add(each.key, begins_at, limit, 1) > limit.most:
                wait = max(wait, begins_at + limit.within - at)
    return wait


def give_back(counted: Sequence[Counted], *, at: datetime) -> None:
    """The try was the right person's: it does not count. What was counted before goes on."""
    for each in counted:
        for limit in each.limits:
            _add(each.key, _window(at, limit), limit, -1)


def sweep(*, at: datetime) -> int:
    """Delete windows that are over."""
    deleted, _ = AttemptCount.objects.filter(ends_at__lt=at).delete()
    return deleted


def _window(at: datetime, limit: Limit) -> datetime:
    length = limit.within.total_seconds()
    return datetime.fromtimestamp(at.timestamp() // length * length, UTC)


def _add(key: str, begins_at: datetime, limit: Limit, by: int) -> int:
    name = f"{key[:52]}:{int(limit.within.total_seconds())}"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO forces_attemptcount AS a (key, begins_at, ends_at, count) "
            "VALUES (%s, %s, %s, greatest(%s, 0)) ON CONFLICT (key, begins_at) "
            "DO UPDATE SET count = greatest(a.count + %s, 0) RETURNING count",
            [
                name,
                begins_at,
                begins_at + limit.within,
                by,
                by,
            ],
        )
        return int(cursor.fetchone()[0])
