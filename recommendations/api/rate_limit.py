"""How often a token may ask. Counted in Redis; where it does not answer, nobody is turned away."""

import logging
from datetime import datetime

from django.core.cache import caches
from redis.exceptions import RedisError

MOST_A_MINUTE = 120

log = logging.getLogger(__name__)


def seconds_to_wait(name: str, *, at: datetime) -> int:
    """Counts one request; 0 where it may be answered, else the seconds until it may.

    Each minute of the clock is counted by itself.
    """
    minute, second = divmod(int(at.timestamp()), 60)
    key = f"api-rate:{name}:{minute}"
    try:
        count = 1 if caches["redis"].add(key, 1, timeout=120) else caches["redis"].incr(key)
    except (RedisError, OSError, ValueError) as error:
        log.warning("A request to the API was not counted: %s", type(error).__name__)
        return 0
    return 60 - second if count > MOST_A_MINUTE else 0
