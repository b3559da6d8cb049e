"""What a database and its evidence storage contain, so that two of them can be compared."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from recommendations.backup.archive import sha256_of
from recommendations.evidence import storage
from recommendations.models import Evidence

# Rows in any order: the sum of short hashes. It finds faults; the audit trail finds forgery.
_TABLE = """
SELECT '{name}', count(*),
       coalesce(sum(('x' || left(encode(sha256(convert_to(t::text, 'UTF8')), 'hex'), 15))
                    ::bit(60)::bigint), 0)::text
FROM {name} t
"""
_ROLES = """
SELECT DISTINCT r.rolname FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
CROSS JOIN LATERAL aclexplode(c.relacl) privilege
JOIN pg_roles r ON r.oid = privilege.grantee
WHERE privilege.grantee <> c.relowner ORDER BY 1
"""


@dataclass(frozen=True)
class TableContents:
    """The number of rows, and a sum of their hashes."""

    rows: int
    hash: str


def table_names() -> list[str]:
    """Return all tables of the service, in order; empty for an empty database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n "
            "ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') "
            "AND n.nspname = current_schema() ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def table_contents() -> dict[str, TableContents]:
    """Return the contents of each table, in the transaction's snapshot."""
    statement = " UNION ALL ".join(_TABLE.format(name=name) for name in table_names())
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return {name: TableContents(rows, digest) for name, rows, digest in cursor.fetchall()}


def granted_roles() -> list[str]:
    """Return the roles that have permissions on the tables; they must exist before a restore."""
    with connection.cursor() as cursor:
        cursor.execute(_ROLES)
        return [name for (name,) in cursor.fetchall()]


def evidence_keys() -> list[str]:
    """Return the keys of all evidence files, drafts included."""
    return [str(key) for key in Evidence.objects.order_by("key").values_list("key", flat=True)]


def evidence_problems() -> Iterator[str]:
    """Yield a sentence for each submitted file that is missing from the storage, or altered."""
    submitted = Evidence.objects.filter(update__isnull=False).order_by("key")
    for key, sha256 in submitted.values_list("key", "sha256").iterator():
        try:
            with storage.open_file(key) as file:
                found = sha256_of(file)
        except FileNotFoundError:
            yield f"The evidence file {key} is missing."
            continue
        if found != sha256:
            yield f"The evidence file {key} was altered: its hash is not the one in the database."
