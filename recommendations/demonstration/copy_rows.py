"""Writes many rows with PostgreSQL's COPY."""

import json
from datetime import datetime
from io import StringIO
from typing import Any

from django.db import connection, models

_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Return the next primary keys of a table, for rows that others refer to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [key for (key,) in cursor.fetchall()]


def copy_rows(model: type[models.Model], rows: list[dict[str, Any]]) -> None:
    """Insert rows, given as values by column name; all must have the same columns.

    Constraints and triggers check them as they check any insert.
    """
    if not rows:
        return
    lines = "".join("\t".join(map(_copy_text, row.values())) + "\n" for row in rows)
    table, columns = model._meta.db_table, ", ".join(rows[0])
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", StringIO(lines))


def _copy_text(value: Any) -> str:
    """Return a value in COPY's text format."""
    match value:
        case str():
            return value.translate(_ESCAPES)
        case int() | datetime():
            return str(value)
        case None:
            return r"\N"
        case list():
            return f"{{{','.join(value)}}}"
        case dict():
            return json.dumps(value).translate(_ESCAPES)
        case _:
            return str(value)
