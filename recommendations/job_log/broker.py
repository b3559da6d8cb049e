"""What Redis knows of the work: how long each queue is, and which workers live.

Only for showing: nothing depends on it, and it may be empty or away.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    import redis

log = logging.getLogger(__name__)

QUEUES = tuple(queue.name for queue in settings.CELERY_TASK_QUEUES)
HEARTBEATS = "worker-heartbeats"
ALIVE = timedelta(seconds=60)


@dataclass(frozen=True)
class Work:
    """`queues` without an answer of Redis is empty. Workers by name, the last sign of life."""

    answers: bool = False
    queues: dict[str, int] = field(default_factory=dict)
    workers: dict[str, datetime] = field(default_factory=dict)


def work(*, at: datetime) -> Work:
    """One round trip."""
    from redis.exceptions import RedisError

    try:
        with _redis() as server, server.pipeline(transaction=False) as asked:
            for queue in QUEUES:
                asked.llen(queue)
            asked.hgetall(HEARTBEATS)
            *lengths, beats = asked.execute()
    except (RedisError, OSError) as error:
        log.warning("Redis does not answer: %s", type(error).__name__)
        return Work()
    seen = {
        name.decode(): datetime.fromtimestamp(float(when), tz=at.tzinfo)
        for name, when in beats.items()
    }
    alive = {name: when for name, when in sorted(seen.items()) if at - when <= ALIVE}
    return Work(answers=True, queues=dict(zip(QUEUES, lengths, strict=True)), workers=alive)


def note_heartbeat(worker: str, *, at: datetime) -> None:
    """A worker lives. Forgets those of which nothing was heard for an hour."""
    from redis.exceptions import RedisError

    try:
        with _redis() as server:
            beats = server.hgetall(HEARTBEATS)
            before = (at - timedelta(hours=1)).timestamp()
            silent = [name for name, when in beats.items() if float(when) < before]
            if silent:
                server.hdel(HEARTBEATS, *silent)
            server.hset(HEARTBEATS, worker, str(at.timestamp()))
    except (RedisError, OSError) as error:
        log.warning("A heartbeat was not kept: %s", type(error).__name__)


def _redis() -> "redis.Redis":
    """The broker's, which is also the cache's; only the cache spells it as its client does."""
    import redis

    location = str(settings.CACHES["redis"]["LOCATION"])
    return redis.Redis.from_url(location, socket_timeout=1, socket_connect_timeout=1)
