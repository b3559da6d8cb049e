"""Holds all emails of a restored register until a person releases them.

A backup does not know which emails were sent after it was made. So each backup holds the identity
of its database, and a register that finds itself in another database sends nothing.
"""

from datetime import datetime

from django.db import connection, transaction

from forces.models import DatabaseIdentity

HELD = (
    "Emails are on hold, because this register was restored from a backup. "
    "To release them, run `manage.py release_emails`."
)

_CURRENT = """
SELECT s.system_identifier::text, d.oid::bigint FROM pg_control_system() s, pg_database d
WHERE d.datname = current_database()
"""
_IS_ELSEWHERE = """
SELECT EXISTS (
    SELECT FROM forces_databaseidentity i, pg_control_system() s, pg_database d
    WHERE d.datname = current_database()
      AND (i.system_identifier, i.database_oid) <> (s.system_identifier::text, d.oid::bigint)
)
"""


def emails_are_held() -> bool:
    """Whether the register was restored, and nobody has released its emails since; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_IS_ELSEWHERE)
        is_held: bool = cursor.fetchone()[0]
    return is_held


@transaction.atomic
def remember_database(*, at: datetime, is_released: bool = False) -> None:
    """Store the identity of this database, unless emails are held; with `is_released` even then."""
    if emails_are_held() and not is_released:
        return
    with connection.cursor() as cursor:
        cursor.execute(_CURRENT)
        system_identifier, database_oid = cursor.fetchone()
    DatabaseIdentity.objects.exclude(pk=1).delete()
    DatabaseIdentity.objects.update_or_create(
        pk=1,
        defaults={
            "system_identifier": system_identifier,
            "database_oid": database_oid,
            "noted_at": at,
        },
    )
