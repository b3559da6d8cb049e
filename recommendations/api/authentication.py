"""Authenticates API requests by their bearer token, and limits the requests of each token."""

import logging
from datetime import datetime, timedelta

from django.core.cache import caches
from django.db import DatabaseError
from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import HttpBearer

from forces import audit, secret_tokens
from forces.accounts import second_factor
from forces.http import ServiceRequest
from forces.models import ApiToken, User
from forces.outages import redis_errors
from forces.permissions import Permission, may
from recommendations.rules import london_day

MAX_REQUESTS_PER_MINUTE = 120
RECORD_INTERVAL = timedelta(hours=1)  # between two records of a token's use or refusal

log = logging.getLogger(__name__)


class RateLimitExceeded(HttpError):
    """A token has made too many requests in this minute. `wait` is in seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(
            429,
            f"A token can make {MAX_REQUESTS_PER_MINUTE} requests a minute. "
            f"Try again in {wait} seconds.",
        )
        self.wait = wait


class TokenAuthentication(HttpBearer):
    """`Authorization: Bearer clt_...`. Session cookies are ignored."""

    def authenticate(  # type: ignore[override]
        self, request: ServiceRequest, token: str
    ) -> User | None:
        """Set the request's user to the token's person. Returns None for an invalid token.

        Raises RateLimitExceeded.
        """
        api_token = _find_token(token)
        now = request.now
        reason = _refusal_reason(api_token, request, at=now)
        if api_token is None or reason:
            _record_refusal(api_token, reason, at=now)
            return None
        if wait := seconds_to_wait(str(api_token.pk), at=now):
            raise RateLimitExceeded(wait)
        _record_use(api_token, at=now)
        request.user = api_token.person
        return api_token.person


def _find_token(secret: str) -> ApiToken | None:
    """Return the token by the hash of its secret. One query."""
    hashed = secret_tokens.hash_secret(secret)
    tokens = ApiToken.objects.select_related("person__body", "membership__body")
    token = tokens.filter(secret_hash=hashed).first()
    if token is not None and token.membership is not None:
        token.person.act_for(token.membership)
    return token


def _refusal_reason(token: ApiToken | None, request: HttpRequest, *, at: datetime) -> str:
    """Return why the token is refused, for the audit trail; "" if it is valid."""
    if token is None:
        return "unknown"
    if token.revoked_at is not None:
        return "revoked"
    if not token.is_in_force(at=at):
        return "expired"
    person = token.person
    if token.membership and not token.membership.is_current(on=london_day(at)):
        return "its membership has ended"
    if second_factor.must_be_set_up(person, request):
        return "its person has no second factor"
    return "" if may(person, Permission.SEE_POSITION) else "its person may not sign in"


def _record_use(token: ApiToken, *, at: datetime) -> None:
    if token.last_used_at is None or token.last_used_at <= at - RECORD_INTERVAL:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)


def _record_refusal(token: ApiToken | None, reason: str, *, at: datetime) -> None:
    """Audit a refusal, at most once an hour for each token and for all unknown ones together."""
    key = f"api-refused:{token.pk if token else 'unknown'}"
    body = token.person.body if token else None
    try:
        if caches["redis"].add(key, True, timeout=RECORD_INTERVAL.total_seconds()):
            audit.record(
                at=at, act="API token refused", actor=None, subject=token, body=body, why=reason
            )
    except redis_errors(DatabaseError) as error:
        log.warning("A refused token could not be recorded: %s", type(error).__name__)


def seconds_to_wait(name: str, *, at: datetime) -> int:
    """Count a request. Returns 0 if it is allowed, or the seconds until the next minute.

    Requests are counted in Redis. Without it there is no limit.
    """
    minute, second = divmod(int(at.timestamp()), 60)
    key = f"api-rate:{name}:{minute}"
    cache = caches["redis"]
    try:
        is_first = cache.add(key, 1, timeout=120)
        count = 1 if is_first else cache.incr(key)
    except redis_errors(ValueError) as error:
        log.warning("A request to the API was not counted: %s", type(error).__name__)
        return 0
    return 60 - second if count > MAX_REQUESTS_PER_MINUTE else 0
