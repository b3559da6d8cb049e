"""What Redis knows: the length of each queue, and which workers are alive.

Only for display: nothing depends on it, and Redis may be empty or down.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from forces.outages import redis_errors

if TYPE_CHECKING:
    import redis

log = logging.getLogger(__name__)

QUEUES = tuple(queue.name for queue in settings.CELERY_TASK_QUEUES)
HEARTBEATS = "worker-heartbeats"
HEARTBEAT_TIMEOUT = timedelta(seconds=60)  # after which a worker counts as dead
HEARTBEAT_RETENTION = timedelta(hours=1)


@dataclass(frozen=True)
class BrokerStatus:
    """Whether Redis responds; the length of each queue; the last heartbeat of each live worker."""

    is_available: bool = False
    queues: dict[str, int] = field(default_factory=dict)
    workers: dict[str, datetime] = field(default_factory=dict)


def get_status(*, at: datetime) -> BrokerStatus:
    """Return the status at this instant, with one round trip."""
    try:
        with _redis() as server, server.pipeline(transaction=False) as pipeline:
            for queue in QUEUES:
                pipeline.llen(queue)
            pipeline.hgetall(HEARTBEATS)
            *lengths, heartbeats = pipeline.execute()
    except redis_errors() as error:
        log.warning("Redis is not responding: %s", type(error).__name__)
        return BrokerStatus()
    last_seen = {
        name.decode(): datetime.fromtimestamp(float(timestamp), tz=at.tzinfo)
        for name, timestamp in sorted(heartbeats.items())
    }
    alive = {name: seen for name, seen in last_seen.items() if at - seen <= HEARTBEAT_TIMEOUT}
    return BrokerStatus(
        is_available=True, queues=dict(zip(QUEUES, lengths, strict=True)), workers=alive
    )


def record_heartbeat(worker: str, *, at: datetime) -> None:
    """Record that a worker is alive, and delete workers not seen for an hour."""
    try:
        with _redis() as server:
            heartbeats = server.hgetall(HEARTBEATS)
            oldest = (at - HEARTBEAT_RETENTION).timestamp()
            gone = [name for name, timestamp in heartbeats.items() if float(timestamp) < oldest]
            if gone:
                server.hdel(HEARTBEATS, *gone)
            server.hset(HEARTBEATS, worker, str(at.timestamp()))
    except redis_errors() as error:
        log.warning("A heartbeat was not recorded: %s", type(error).__name__)


def _redis() -> "redis.Redis":
    """Connect to the broker by the cache's URL: Celery spells URLs of sockets differently."""
    import redis

    location = str(settings.CACHES["redis"]["LOCATION"])
    return redis.Redis.from_url(location, socket_timeout=1, socket_connect_timeout=1)
