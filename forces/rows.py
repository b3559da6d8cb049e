"""Reads with SQL, for the pages that are open all day.

Django takes several times as long to build a query as PostgreSQL to answer it, and PostgreSQL plans
many queries of one table in less time than one of many tables.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

from forces.models import User

Row = TypeVar("Row", bound=Model)


def rows(model: type[Row], condition: str, *parameters: object) -> list[Row]:
    """Return the rows; 1 query. `condition` is constant SQL, and can end with an order."""
    sql = f"SELECT * FROM {model._meta.db_table} WHERE {condition}"  # noqa: S608  # nosec B608
    return list(model._base_manager.raw(sql, parameters))


def first_row(model: type[Row], condition: str, *parameters: object) -> Row | None:
    """Return the first of the rows, or None; 1 query."""
    return next(iter(rows(model, condition, *parameters)), None)


def tuples(sql: str, *parameters: object) -> list[tuple[Any, ...]]:
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
