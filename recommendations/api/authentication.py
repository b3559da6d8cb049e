"""Whose token came with a request, and whether it opens anything."""

import logging
from datetime import datetime, timedelta

from django.core.cache import caches
from django.db import DatabaseError
from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import HttpBearer
from redis.exceptions import RedisError

from forces import audit, secret_tokens
from forces.accounts import second_factor
from forces.accounts.demonstration_users import may_skip_second_factor
from forces.http import ServiceRequest
from forces.models import ApiToken, User
from forces.permissions import Permission, may
from recommendations.api.rate_limit import MOST_A_MINUTE, seconds_to_wait

NOTED = timedelta(hours=1)  # how often a use, or a refusal, is written down

log = logging.getLogger(__name__)


class TooMany(HttpError):
    """More requests in this minute than a token may make. `wait` is in seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(
            429, f"A token may ask {MOST_A_MINUTE} times a minute. Ask again in {wait} seconds."
        )
        self.wait = wait


class Bearer(HttpBearer):
    """`Authorization: Bearer clt_...`. The session's cookie is never looked at."""

    def authenticate(  # type: ignore[override]
        self, request: ServiceRequest, token: str
    ) -> User | None:
        """The person, who becomes the request's; None where the token opens nothing.

        Raises TooMany.
        """
        found = _find(token)
        now = request.now
        why_not = _why_not(found, request, at=now)
        if found is None or why_not:
            _note_refusal(found, why_not, at=now)
            return None
        if wait := seconds_to_wait(str(found.pk), at=now):
            raise TooMany(wait)
        _note_use(found, at=now)
        request.user = found.person
        return found.person


def _find(secret: str) -> ApiToken | None:
    """By the hash of the secret; one query."""
    hashed = secret_tokens.hash_of(secret)
    return ApiToken.objects.select_related("person__body").filter(secret_hash=hashed).first()


def _why_not(token: ApiToken | None, request: HttpRequest, *, at: datetime) -> str:
    if token is None:
        return "unknown"
    if token.revoked_at is not None:
        return "revoked"
    if not token.is_in_force(at=at):
        return "run out"
    person = token.person
    if second_factor.is_missing(person) and not may_skip_second_factor(person, request):
        return "its person has no second factor"
    return "" if may(token.person, Permission.SEE_POSITION) else "its person may not sign in"


def _note_use(token: ApiToken, *, at: datetime) -> None:
    if token.last_used_at is None or token.last_used_at <= at - NOTED:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)


def _note_refusal(token: ApiToken | None, why: str, *, at: datetime) -> None:
    """In the audit trail, once an hour for each token, and for all unknown ones together."""
    key = f"api-refused:{token.pk if token else 'unknown'}"
    try:
        if not caches["redis"].add(key, True, timeout=NOTED.total_seconds()):
            return
        body = token.person.body if token else None
        audit.record(at=at, act="API token refused", actor=None, subject=token, body=body, why=why)
    except (RedisError, OSError, DatabaseError) as error:
        log.warning("A refused token could not be recorded: %s", type(error).__name__)
