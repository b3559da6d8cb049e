"""Which errors mean that a disk is full, or that a server such as PostgreSQL does not respond."""

import errno
import sys
from collections.abc import Iterator

from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}  # no space, a quota, a limit of one file
_NO_TEMPORARY_FOLDER = "No usable temporary directory found"  # how `tempfile` says it
_DATABASE_DISK_FULL = "53100"
_READ_ONLY = "25006"  # the server has become a standby
# Classes of SQLSTATE: connection failed, too few resources, shutting down or starting.
_UNAVAILABLE = ("08", "53", "57P")


def is_disk_full(error: BaseException) -> bool:
    """Whether a disk or a quota was full: ours, or that of PostgreSQL."""
    return any(
        _is_no_space(cause)
        or (isinstance(cause, DatabaseError) and _sqlstate(cause) == _DATABASE_DISK_FULL)
        for cause in _causes(error)
    )


def is_outage(error: BaseException) -> bool:
    """Whether PostgreSQL, Redis or the bucket of the evidence does not respond.

    The request can be repeated later.
    """
    checks = (_is_database_outage, _is_redis_outage, _is_bucket_outage)
    return any(check(cause) for cause in _causes(error) for check in checks)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error, and what it was raised from or while handling."""
    cause: BaseException | None = error
    seen: set[int] = set()
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)


def _is_no_space(error: BaseException) -> bool:
    if not isinstance(error, OSError):
        return False
    return error.errno in _NO_SPACE or _NO_TEMPORARY_FOLDER in str(error.strerror)


def _is_database_outage(error: BaseException) -> bool:
    """Without a SQLSTATE an operational error comes from the connection, not from a statement."""
    if isinstance(error, InterfaceError):
        return True
    state = _sqlstate(error) if isinstance(error, DatabaseError) else ""
    if isinstance(error, OperationalError) and not state:
        return True
    return state == _READ_ONLY or state.startswith(_UNAVAILABLE)


def _sqlstate(error: DatabaseError) -> str:
    return getattr(error.__cause__, "pgcode", None) or ""


def redis_errors(*others: type[Exception]) -> tuple[type[Exception], ...]:
    """Return what is raised if Redis does not respond, and others, for `except redis_errors()`.

    A function, because the library takes long to load: Python only calls it if something is raised.
    """
    from redis.exceptions import RedisError

    return RedisError, OSError, *others


def _is_redis_outage(error: BaseException) -> bool:
    from kombu.exceptions import OperationalError as BrokerError
    from redis.exceptions import RedisError

    return isinstance(error, RedisError | BrokerError)


def _is_bucket_outage(error: BaseException) -> bool:
    botocore = sys.modules.get("botocore.exceptions")  # loaded if the evidence is in a bucket
    if botocore is None:
        return False
    return isinstance(error, botocore.HTTPClientError | botocore.ConnectionError)
