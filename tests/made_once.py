"""Rows that many tests begin with: made by the actions once, then copied."""

import copy
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from django.db import connection
from django.utils import timezone


class HasNow(Protocol):
    @property
    def now(self) -> datetime: ...


Made = TypeVar("Made", bound=HasNow)
MINUTE = timedelta(minutes=1)
_SAVED: dict[Any, tuple[Any, dict[str, str]]] = {}


def made_once(make: Callable[[], Made]) -> Made:
    """What `make` returns, with its rows in the database.

    They are copied where the database is empty, the test rolls back, and the time is that of the
    first call, give or take a minute. Anywhere else they are made anew.
    """
    if not connection.in_atomic_block or _tables_with_rows():
        return make()
    made, rows = _SAVED.get(make, (None, {}))
    if made is not None and made.now <= timezone.now() < made.now + MINUTE:
        _load(rows)
        return copy.deepcopy(made)
    made = make()
    _SAVED[make] = copy.deepcopy(made), _dump(_tables_with_rows())
    return made


def _tables_with_rows() -> list[str]:
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = sorted({*names} - {"django_content_type", "auth_permission"})
    found = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(found)
        return [table for (table,) in cursor.fetchall()]


def _dump(tables: list[str]) -> dict[str, str]:
    """Each table's rows as COPY writes them."""
    rows = {}
    with connection.cursor() as cursor:
        for table in tables:
            target = io.StringIO()
            cursor.copy_expert(f"COPY {table} TO STDOUT", target)
            rows[table] = target.getvalue()
    return rows


def _load(rows: dict[str, str]) -> None:
    """Without triggers: what they would write is among the rows."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, text in rows.items():
            cursor.copy_expert(f"COPY {table} FROM STDIN", io.StringIO(text))
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
