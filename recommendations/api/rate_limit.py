"""Limits the requests of a token. They are counted in Redis; without it there is no limit."""

import logging
from datetime import datetime

from django.core.cache import caches

MAX_REQUESTS_PER_MINUTE = 120
COUNTER_TIMEOUT_SECONDS = 120

log = logging.getLogger(__name__)


def seconds_to_wait(name: str, *, at: datetime) -> int:
    """Count a request. Returns 0 if it is allowed, or the seconds until the next minute."""
    from redis.exceptions import RedisError

    minute, second = divmod(int(at.timestamp()), 60)
    key = f"api-rate:{name}:{minute}"
    cache = caches["redis"]
    try:
        is_first = cache.add(key, 1, timeout=COUNTER_TIMEOUT_SECONDS)
        count = 1 if is_first else cache.incr(key)
    except (RedisError, OSError, ValueError) as error:
        log.warning("A request to the API was not counted: %s", type(error).__name__)
        return 0
    return 60 - second if count > MAX_REQUESTS_PER_MINUTE else 0
