"""The application's own PostgreSQL role, which can add rows but not rewrite submitted data.

In production the owner of the tables only migrates. Web, worker and beat connect as a role that
owns nothing, so nobody with its password can disable a trigger
(docs/decisions/0003-append-only-tables.md).
"""

from typing import Any

from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as CheckWarning
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

_EXCESS_PRIVILEGES = """
SELECT r.rolsuper, r.rolcreaterole, r.rolbypassrls, r.rolreplication,
       EXISTS (SELECT FROM pg_class c
               JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
               WHERE c.relowner = r.oid),
       EXISTS (SELECT FROM pg_class c
               JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
               WHERE pg_has_role(r.oid, c.relowner, 'MEMBER') AND NOT r.rolsuper)
FROM pg_roles r WHERE r.rolname = %s
"""
_DESCRIPTIONS = (  # of the columns of _EXCESS_PRIVILEGES
    "is a superuser",
    "can create roles",
    "bypasses row security",
    "can replicate",
    "owns tables",
    "is a member of the tables' owner",
)


class ExcessPrivileges(Exception):
    """Raised for a role that could rewrite the history. Its text is shown to the operator."""


def excess_privileges(role: str) -> list[str]:
    """Descriptions of the privileges that a role serving pages must not have; empty if none."""
    with connection.cursor() as cursor:
        cursor.execute(_EXCESS_PRIVILEGES, [role])
        flags = cursor.fetchone() or ()
    return [text for text, is_set in zip(_DESCRIPTIONS, flags, strict=False) if is_set]


@register(Tags.database, deploy=True)
def check_database_role(
    app_configs: Any = None, databases: Any = None, **_: Any
) -> list[CheckMessage]:
    """Warn if the role that serves pages could rewrite submitted data (docs/operating.md).

    Part of `manage.py check --deploy --database default`.
    """
    if not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        role = cursor.fetchone()[0]
    if not (privileges := excess_privileges(role)):
        return []
    return [
        CheckWarning(
            f"The database role {role} {' and '.join(privileges)}, so it could rewrite submitted "
            "data.",
            hint="Serve pages with the role created by `manage.py grant_access --to ROLE`.",
            id="forces.W001",
        )
    ]


@transaction.atomic
def grant_access(role: str, *, password: str = "") -> dict[str, list[str]]:
    """Grant the role what the application needs and nothing else; create it if it does not exist.

    Returns the privileges of each table. Must be run by the tables' owner, and can be run again.
    Raises ExcessPrivileges for a role that could rewrite the history.
    """
    with connection.cursor() as cursor:
        _create_role(cursor, role, password)
        if privileges := excess_privileges(role):
            raise ExcessPrivileges(
                f"The role {role} {' and '.join(privileges)}, so it could rewrite submitted data. "
                "Use a different role."
            )
        cursor.execute(_TABLES)
        granted = {table: _privileges(table, refused) for table, refused in cursor.fetchall()}
        cursor.execute("SELECT current_schema()")
        names = {"schema": sql.Identifier(cursor.fetchone()[0]), "role": sql.Identifier(role)}
        for statement in (
            "REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}",
            "GRANT USAGE ON SCHEMA {schema} TO {role}",
            "GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
        ):
            cursor.execute(sql.SQL(statement).format(**names))
        for table, table_privileges in granted.items():
            listed = sql.SQL(", ").join(map(sql.SQL, table_privileges))
            cursor.execute(
                sql.SQL("GRANT {} ON {} TO {}").format(listed, sql.Identifier(table), names["role"])
            )
    return granted


def _privileges(table: str, refused: int) -> list[str]:
    """The privileges on a table. What its append-only triggers refuse is not granted."""
    if table == "django_migrations":
        return ["SELECT"]
    update = [] if refused & _UPDATE else ["UPDATE"]
    delete = [] if refused & _DELETE else ["DELETE"]
    return ["SELECT", "INSERT", *update, *delete]


def _create_role(cursor: Any, role: str, password: str) -> None:
    cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
    if cursor.fetchone() is None:
        cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
    if password:  # hashed here, so that the server's log does not contain it
        hashed = encrypt_password(password, role, cursor.connection, "scram-sha-256")
        cursor.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(hashed))
        )
