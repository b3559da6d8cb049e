"""The application's own role in PostgreSQL: it reads and adds, and cannot rewrite what was written.

In the production shape the owner of the tables migrates and goes; web, worker and beat sign in as
a role that owns nothing, so that nobody with its password can lift a trigger
(docs/decisions/0003).
"""

from typing import Any

from django.db import connection, transaction
from psycopg2 import sql
from psycopg2.extensions import encrypt_password

_UPDATE, _DELETE = 16, 8  # bits of pg_trigger.tgtype

_TABLES = """
SELECT c.relname,
       coalesce(bit_or(t.tgtype) FILTER (WHERE p.proname = 'refuse_change' AND t.tgtype & 1 = 1), 0)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
LEFT JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal
LEFT JOIN pg_proc p ON p.oid = t.tgfoid
WHERE c.relkind IN ('r', 'p')
GROUP BY c.relname
ORDER BY c.relname
"""

_POWERS = """
SELECT r.rolsuper, r.rolcreaterole, r.rolbypassrls, r.rolreplication,
       EXISTS (SELECT FROM pg_class c
               JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
               WHERE c.relowner = r.oid),
       EXISTS (SELECT FROM pg_class c
               JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
               WHERE pg_has_role(r.oid, c.relowner, 'MEMBER') AND NOT r.rolsuper)
FROM pg_roles r WHERE r.rolname = %s
"""


class TooPowerful(Exception):
    """A role that could rewrite the history. Its text is a sentence for the operator."""


def powers_of(role: str) -> list[str]:
    """What makes a role too powerful to serve pages, in words; empty where nothing does."""
    with connection.cursor() as cursor:
        cursor.execute(_POWERS, [role])
        found = cursor.fetchone() or ()
    words = (
        "is a superuser",
        "may make roles",
        "bypasses row security",
        "may replicate",
        "owns tables",
        "is a member of the tables' owner",
    )
    return [word for word, has in zip(words, found, strict=False) if has]


@transaction.atomic
def grant_access(role: str, *, password: str = "") -> dict[str, list[str]]:
    """Let the role do what the application does, and no more; it is made where there is none.

    Returns the privileges of each table. Run by the tables' owner; doing it twice changes
    nothing. Raises TooPowerful for a role that could rewrite the history.
    """
    with connection.cursor() as cursor:
        _make(cursor, role, password)
        if powers := powers_of(role):
            raise TooPowerful(
                f"The role {role} {' and '.join(powers)}, so it could rewrite what was submitted. "
                "Name another one."
            )
        granted = {name: _privileges(name, refused) for name, refused in _tables(cursor)}
        name = sql.Identifier(role)
        _run(cursor, "REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}", name)
        _run(cursor, "GRANT USAGE ON SCHEMA {schema} TO {role}", name)
        _run(cursor, "GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}", name)
        for table, privileges in granted.items():
            listed = sql.SQL(", ").join(sql.SQL(each) for each in privileges)
            statement = sql.SQL("GRANT {} ON {} TO {}").format(listed, sql.Identifier(table), name)
            cursor.execute(statement)
    return granted


def _tables(cursor: Any) -> list[tuple[str, int]]:
    cursor.execute(_TABLES)
    rows: list[tuple[str, int]] = cursor.fetchall()
    return rows


def _privileges(table: str, refused: int) -> list[str]:
    """What the triggers of an append-only table refuse is not granted in the first place."""
    if table == "django_migrations":
        return ["SELECT"]
    granted = ["SELECT", "INSERT"]
    granted += [] if refused & _UPDATE else ["UPDATE"]
    granted += [] if refused & _DELETE else ["DELETE"]
    return granted


def _make(cursor: Any, role: str, password: str) -> None:
    cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
    if cursor.fetchone() is None:
        cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
    if password:  # hashed here, so that no log of the server holds it
        hashed = encrypt_password(password, role, cursor.connection, "scram-sha-256")
        cursor.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(hashed))
        )


def _run(cursor: Any, statement: str, role: sql.Identifier) -> None:
    cursor.execute("SELECT current_schema()")
    schema = sql.Identifier(cursor.fetchone()[0])
    cursor.execute(sql.SQL(statement).format(schema=schema, role=role))
