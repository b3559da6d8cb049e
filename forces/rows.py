"""Reads with SQL, for the pages that are open all day.

Django takes several times as long to build a query as PostgreSQL to answer it, and PostgreSQL plans
many queries of one table in less time than one of many tables.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Field, JSONField, Model

from forces.models import User

Row = TypeVar("Row", bound=Model)


def rows(model: type[Row], condition: str, *parameters: object) -> list[Row]:
    """Return the rows; 1 query. `condition` is constant SQL, and can end with an order.

    `Manager.raw` takes twice as long.
    """
    fields = model._meta.concrete_fields
    columns = ", ".join(field.column for field in fields)
    sql = f"SELECT {columns} FROM {model._meta.db_table} WHERE {condition}"  # noqa: S608  # nosec B608
    names = [field.attname for field in fields]
    return [
        model.from_db(DEFAULT_DB_ALIAS, names, _from_db(fields, row))
        for row in tuples(sql, *parameters)
    ]


def _from_db(fields: "Sequence[Field[Any, Any]]", row: tuple[Any, ...]) -> list[Any]:
    """Return the values of a row as the fields convert them; only JSON needs it."""
    return [
        field.from_db_value(value, None, connection) if isinstance(field, JSONField) else value
        for field, value in zip(fields, row, strict=True)
    ]


def first_row(model: type[Row], condition: str, *parameters: object) -> Row | None:
    """Return the first of the rows, or None; 1 query."""
    return next(iter(rows(model, condition, *parameters)), None)


def tuples(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Return the rows that constant SQL selects; 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def read_people(records: Iterable[Model], field: str) -> None:
    """Read the people to whom a foreign key of these records points; 1 query, or none."""
    found = list(records)
    keys = {getattr(record, f"{field}_id") for record in found}
    people = {person.pk: person for person in rows(User, "id = ANY(%s)", [*keys])} if keys else {}
    for record in found:
        setattr(record, field, people[getattr(record, f"{field}_id")])
