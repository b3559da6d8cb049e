"""Changes that only a superuser of the database can make."""

from django.db import connection, transaction


@transaction.atomic
def as_superuser(sql: str) -> None:
    """Run statements without triggers and foreign keys, as somebody could who owns the server."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
