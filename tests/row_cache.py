"""Rows that many tests start with: created once through the actions, then copied."""

import copy
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

import time_machine
from django.db import connection, transaction
from django.utils import timezone


class HasNow(Protocol):
    @property
    def now(self) -> datetime: ...


T = TypeVar("T", bound=HasNow)
MAX_AGE = timedelta(minutes=1)
_cache: dict[Any, tuple[Any, dict[str, str]]] = {}


def create_once(create: Callable[[], T]) -> T:
    """Return what `create` returns, with its rows in the database.

    Copies the rows of the first call if the database is empty and the time is less than MAX_AGE
    after that of the first call. Calls `create` otherwise, at the beginning of the minute, so that
    the next test has a later time.
    """
    minute = timezone.now().replace(second=0, microsecond=0)
    if _tables_with_rows():
        return create()
    cached, rows = _cache.get(create, (None, {}))
    if cached is not None and cached.now <= timezone.now() < cached.now + MAX_AGE:
        with transaction.atomic():
            _load(rows)
        return copy.deepcopy(cached)
    with time_machine.travel(minute, tick=True):
        created = create()
    _cache[create] = copy.deepcopy(created), _dump(_tables_with_rows())
    return created


def _tables_with_rows() -> list[str]:
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = sorted({*names} - {"django_content_type", "auth_permission"})
    query = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [table for (table,) in cursor.fetchall()]


def _dump(tables: list[str]) -> dict[str, str]:
    """Return the rows of each table in the format of COPY."""
    rows = {}
    with connection.cursor() as cursor:
        for table in tables:
            target = io.StringIO()
            cursor.copy_expert(f"COPY {table} TO STDOUT", target)
            rows[table] = target.getvalue()
    return rows


def _load(rows: dict[str, str]) -> None:
    """Insert the rows without triggers, whose own rows are among them."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, text in rows.items():
            cursor.copy_expert(f"COPY {table} FROM STDIN", io.StringIO(text))
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
